package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.cli.standalone.ControlPlane;
import dev.weft.cli.standalone.Distribution;
import dev.weft.cli.standalone.MeshNetwork;
import dev.weft.cli.standalone.PortMapping;
import dev.weft.cli.standalone.StateDirectory;
import dev.weft.cli.standalone.Workload;
import dev.weft.cli.standalone.WorkloadSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the packaged proxies do with input nobody should send: refuse it with a cause in the log,
 * leave others undisturbed, and hold no more memory than they must. Needs no root.
 */
@ExtendWith(SkippedByName.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileInputTest {
  private static final int HTTP = 8080;
  private static final String API_IDENTITY =
      "api.default.serviceaccount.identity.linkerd.cluster.local";
  private static final String TRANSPORT = "transport.l5d.io/v1";
  private static final int LIMIT_MILLIS = 20_000;
  private static final long BIG_BODY_BYTES = 1L << 30;
  private static final long READ_FIRST_BYTES = 1L << 20;

  /** Sockets and windows of three connections and two proxies; far below the body. */
  private static final long UNDER_WAY_BYTES = 24L << 20;

  @TempDir private static Path directory = Path.of(".");

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final AtomicInteger hits = new AtomicInteger();
  private final AtomicLong bigBodySent = new AtomicLong();
  private Workload web;
  private Workload api;

  @BeforeAll
  void start() throws Exception {
    Distribution distribution = new Distribution(Distributions.home());
    StateDirectory state = StateDirectory.open(directory.resolve("state"));
    HttpServer app = application();
    opened.push(() -> app.stop(0));
    opened.push(
        ControlPlane.start(
            distribution,
            state,
            new ControlPlane.Settings(
                List.of(), true, Duration.ofHours(1), "all-authenticated", MeshNetwork.LOOPBACK),
            System.out::println));
    PortMapping port = new PortMapping(HTTP, app.getAddress().getPort());
    web = Workload.join(distribution, state, WorkloadSpec.of("web", "1", List.of()), Map.of());
    opened.push(web);
    api = Workload.join(distribution, state, WorkloadSpec.of("api", "1", List.of(port)), Map.of());
    opened.push(api);
    assertThat(api.offerWhenReady(() -> true)).isTrue();
    Commands.await(() -> get("/").startsWith("HTTP/1.1 200"));
  }

  @AfterAll
  void stop() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  private HttpServer application() throws IOException {
    HttpServer app =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    app.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    app.createContext(
        "/",
        exchange -> {
          try (exchange) {
            hits.incrementAndGet();
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
          }
        });
    app.createContext(
        "/big",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, BIG_BODY_BYTES);
            byte[] chunk = new byte[1 << 16];
            for (long left = BIG_BODY_BYTES; left > 0; left -= chunk.length) {
              exchange.getResponseBody().write(chunk);
              bigBodySent.addAndGet(chunk.length);
            }
          }
        });
    app.start();
    return app;
  }

  private static Socket connect(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    Socket socket =
        new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    socket.setSoTimeout(LIMIT_MILLIS);
    return socket;
  }

  /** Sends bytes and reads until the other side closes; a reset reads as the end. */
  private static String exchange(String address, byte[] bytes) throws IOException {
    try (Socket socket = connect(address)) {
      socket.getOutputStream().write(bytes);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException _) {
      return "";
    }
  }

  private String get(String path) throws IOException {
    return exchange(web.outboundAddress(), ascii(request("GET", path, "connection: close\r\n")));
  }

  private static String request(String method, String path, String fields) {
    return "%s http://api:%d%s HTTP/1.1\r\nhost: api:%d\r\n%s\r\n"
        .formatted(method, HTTP, path, HTTP, fields);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void othersAreServed() throws IOException {
    assertThat(get("/")).startsWith("HTTP/1.1 200").endsWith("ok");
  }

  private static void logNames(Workload workload, String cause) {
    Awaitility.await()
        .atMost(Duration.ofMillis(LIMIT_MILLIS))
        .untilAsserted(() -> assertThat(Files.readString(workload.proxy().log())).contains(cause));
  }

  @Test
  void inbound_garbage_isClosedWithoutAnAnswer() throws Exception {
    byte[] garbage = new byte[4_096];
    new Random(7).nextBytes(garbage);

    assertThat(exchange(api.inboundAddress(), garbage)).isEmpty();
    logNames(api, "no mesh TLS for this proxy's identity");
    othersAreServed();
  }

  @Test
  void inbound_halfClientHello_disturbsNobody() throws Exception {
    byte[] half = HexFormat.of().parseHex("16030102000100");
    try (Socket held = connect(api.inboundAddress())) {
      held.getOutputStream().write(half);
      held.getOutputStream().flush();
      othersAreServed();
    }
  }

  @Test
  void inbound_certificateOfAForeignAuthority_isRefusedWithItsCause() throws Exception {
    try (SSLSocket socket = foreignClient()) {
      // In TLS 1.3 the client is done before the server has judged it; the refusal is read.
      assertThat(readsNothing(socket)).isTrue();
    }
    logNames(api, "no path to a trust anchor");
    othersAreServed();
  }

  private static boolean readsNothing(SSLSocket socket) {
    try {
      socket.startHandshake();
      socket.getOutputStream().write(1);
      return socket.getInputStream().read() < 0;
    } catch (IOException _) {
      return true;
    }
  }

  /** A client with a key and a certificate that it made itself, for a name of the mesh. */
  private SSLSocket foreignClient() throws Exception {
    Path store = directory.resolve("foreign.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String name = "CN=web.default.serviceaccount.identity.linkerd.cluster.local";
    Commands.Result made =
        Commands.run(
            List.of(
                keytool,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                name,
                "-alias",
                "web",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "foreign"));
    assertThat(made.code()).as(made.output()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "foreign".toCharArray());
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, "foreign".toCharArray());
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(managers.getKeyManagers(), new TrustManager[] {new TrustsAll()}, null);
    Socket plain = connect(api.inboundAddress());
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, API_IDENTITY, plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(API_IDENTITY)));
    parameters.setApplicationProtocols(new String[] {TRANSPORT});
    socket.setSSLParameters(parameters);
    return socket;
  }

  @Test
  void outbound_bothLengths_isRefusedAndNothingSmuggled() throws Exception {
    int before = hits.get();
    String smuggled = "GET http://api:%d/smuggled HTTP/1.1\r\nhost: api\r\n\r\n".formatted(HTTP);

    String answer =
        exchange(
            web.outboundAddress(),
            ascii(
                request("POST", "/", "content-length: 4\r\ntransfer-encoding: chunked\r\n")
                    + "0\r\n\r\n"
                    + smuggled));

    assertThat(answer).startsWith("HTTP/1.1 400");
    assertThat(hits.get()).isEqualTo(before);
  }

  @Test
  void outbound_bareLineFeedAndFoldedField_areRefused() throws Exception {
    assertThat(
            exchange(web.outboundAddress(), ascii("GET http://api:8080/ HTTP/1.1\nhost: api\n\n")))
        .startsWith("HTTP/1.1 400");
    assertThat(exchange(web.outboundAddress(), ascii(request("GET", "/", "x: a\r\n folded\r\n"))))
        .startsWith("HTTP/1.1 400");
  }

  @Test
  void outbound_oversizedHead_isRefused() throws Exception {
    String field = "x: " + "a".repeat(256 * 1024) + "\r\n";

    assertThat(exchange(web.outboundAddress(), ascii(request("GET", "/", field))))
        .startsWith("HTTP/1.1 431");
    othersAreServed();
  }

  @Test
  void bigBody_slowReader_isHeldBackAtItsSource() throws Exception {
    bigBodySent.set(0);
    try (Socket socket = connect(web.outboundAddress())) {
      OutputStream out = socket.getOutputStream();
      out.write(ascii(request("GET", "/big", "connection: close\r\n")));
      InputStream in = socket.getInputStream();
      long read = in.readNBytes((int) READ_FIRST_BYTES).length;

      awaitStandstill(bigBodySent);
      assertThat(bigBodySent.get()).isLessThan(READ_FIRST_BYTES + UNDER_WAY_BYTES);

      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        read += n;
      }
      // The head is part of what was read.
      assertThat(read).isGreaterThan(BIG_BODY_BYTES).isLessThan(BIG_BODY_BYTES + 4_096);
    }
  }

  /** Waits until a number is the same twice, half a second apart. */
  private static void awaitStandstill(AtomicLong number) {
    AtomicLong last = new AtomicLong(-1);
    Awaitility.await()
        .atMost(Duration.ofMillis(LIMIT_MILLIS))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> number.get() == last.getAndSet(number.get()));
  }

  private static final class TrustsAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.weft.proxy.metrics.Catalogue;
import dev.weft.proxy.testing.MeshCa;
import dev.weft.proxy.testing.ScriptedControlPlane;
import dev.weft.proxy.trace.TestCollector;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts {@link Main} as a process and looks at it from outside. */
class ProxyProcessTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String ID = "web.shop.serviceaccount.identity.linkerd.cluster.local";

  @TempDir Path directory;
  private final MeshCa ca = new MeshCa();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Process> processes = new ArrayList<>();
  private ScriptedControlPlane controlPlane;
  private int adminPort;

  @BeforeEach
  void begin() throws IOException {
    controlPlane = ScriptedControlPlane.start(ca);
    adminPort = freePort();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    controlPlane.close();
  }

  @Test
  void process_certified_isReadyAndDrainsOnSigterm() throws Exception {
    Process process = start(Map.of());
    await().atMost(TIMEOUT).until(() -> status("/ready") == 200);

    assertThat(body("/metrics")).contains("control_identity_cert_refreshes_total{result=\"ok\"} 1");
    process.destroy();

    assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(0);
  }

  @Test
  void process_notCertified_isLiveAndNotReady() throws Exception {
    controlPlane.issue(
        _ -> {
          throw io.grpc.Status.UNAVAILABLE.asRuntimeException();
        });
    start(Map.of());
    await().atMost(TIMEOUT).until(() -> status("/live") == 200);

    assertThat(status("/ready")).isEqualTo(503);
  }

  @Test
  void process_badConfiguration_exits64() throws Exception {
    Process process = start(Map.of("LINKERD2_PROXY_INBOUND_PORTS", "http"));

    assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(64);
    assertThat(log()).contains("LINKERD2_PROXY_INBOUND_PORTS");
  }

  @Test
  void process_adminPortTaken_exits1() throws Exception {
    try (ServerSocket taken = new ServerSocket(adminPort)) {
      Process process = start(Map.of());

      assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
    }
  }

  @Test
  void process_withTraceCollector_sendsSpansAndShowsItsClients() throws Exception {
    int outboundPort = freePort();
    HttpServer app = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    app.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    app.start();
    try (TestCollector collector = new TestCollector(null)) {
      start(
          Map.of(
              "WEFT_PROXY_MODE",
              "explicit",
              "LINKERD2_PROXY_OUTBOUND_LISTEN_ADDR",
              "127.0.0.1:" + outboundPort,
              "LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR",
              collector.address(),
              "LINKERD2_PROXY_TRACE_SERVICE_NAME",
              "web"));
      await().atMost(TIMEOUT).until(() -> status("/ready") == 200);
      Thread answers =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      controlPlane.targets.next().fail(io.grpc.Status.NOT_FOUND);
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  });
      try (Socket client = new Socket("127.0.0.1", outboundPort)) {
        client
            .getOutputStream()
            .write(
                ("GET http://127.0.0.1:"
                        + app.getAddress().getPort()
                        + "/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\ntraceparent: "
                        + "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
            .startsWith("HTTP/1.1 204");
      }
      answers.join();
      await().atMost(TIMEOUT).until(() -> collector.spans().size() == 2);
      assertThat(new Catalogue().check(body("/metrics")))
          .contains(
              "opentelemetry_span_exports",
              "opentelemetry_balancer_endpoints",
              "control_request_total",
              "control_identity_balancer_queue_requests_total");
    } finally {
      app.stop(0);
    }
  }

  @Test
  void process_shutdownRequest_ends() throws Exception {
    Process process = start(Map.of("LINKERD2_PROXY_SHUTDOWN_ENDPOINT_ENABLED", "true"));
    await().atMost(TIMEOUT).until(() -> status("/live") == 200);
    HttpRequest request =
        HttpRequest.newBuilder(uri("/shutdown")).POST(HttpRequest.BodyPublishers.noBody()).build();

    assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).body())
        .isEqualTo("shutdown\n");
    assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(0);
  }

  private Process start(Map<String, String> more) throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "token");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.weft.proxy.Main");
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> env = builder.environment();
    env.keySet().removeIf(name -> name.startsWith("LINKERD2_") || name.startsWith("WEFT_"));
    env.put("LINKERD2_PROXY_LOG", "info");
    env.put("LINKERD2_PROXY_ADMIN_LISTEN_ADDR", "127.0.0.1:" + adminPort);
    env.put("LINKERD2_PROXY_INBOUND_LISTEN_ADDR", "127.0.0.1:0");
    env.put("LINKERD2_PROXY_OUTBOUND_LISTEN_ADDR", "127.0.0.1:0");
    env.put("LINKERD2_PROXY_POLICY_WORKLOAD", "{\"ns\":\"shop\",\"pod\":\"web-1\"}");
    env.put("LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS", ca.anchorPem());
    env.put("LINKERD2_PROXY_IDENTITY_TOKEN_FILE", token.toString());
    env.put("LINKERD2_PROXY_IDENTITY_LOCAL_NAME", ID);
    env.put("LINKERD2_PROXY_IDENTITY_MIN_REFRESH", "1s");
    for (String service : List.of("IDENTITY", "DESTINATION", "POLICY")) {
      env.put("LINKERD2_PROXY_" + service + "_SVC_ADDR", controlPlane.address());
      env.put("LINKERD2_PROXY_" + service + "_SVC_NAME", ScriptedControlPlane.NAME);
    }
    env.putAll(more);
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  private int status(String path) throws Exception {
    try {
      return send(path).statusCode();
    } catch (ConnectException _) {
      return 0;
    }
  }

  private String body(String path) throws Exception {
    return send(path).body();
  }

  private HttpResponse<String> send(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri(path)).timeout(TIMEOUT).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + adminPort + path);
  }
}

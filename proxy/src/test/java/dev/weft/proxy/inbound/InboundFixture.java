package dev.weft.proxy.inbound;

import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.proxy.config.TestEnvironment;
import dev.weft.proxy.control.ControlPlane;
import dev.weft.proxy.control.Watcher;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.runtime.Drain;
import dev.weft.proxy.runtime.Loops;
import dev.weft.proxy.runtime.ProxyContext;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerTls;
import dev.weft.proxy.transport.TransportHeader;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A running inbound proxy of the workload {@link #API}, with everything around it real or fake. */
final class InboundFixture implements AutoCloseable {
  static final String API = "api.shop.serviceaccount.identity.linkerd.cluster.local";
  static final String WEB = "web.shop.serviceaccount.identity.linkerd.cluster.local";

  private static final TestAuthority AUTHORITY = new TestAuthority("root");
  private static final Loops LOOPS = Loops.start(Loops.defaultTransport(), 1);

  final Lines log = new Lines();
  final Metrics metrics = new Metrics(1);
  final Drain drain = new Drain();
  final FakePolicies policies;
  final InboundProxy proxy;
  private final MeshTls tls = AUTHORITY.workload(API);
  private final List<Socket> sockets = new ArrayList<>();

  /** Where intercepted connections wanted to go; null: to the proxy itself. */
  private volatile @Nullable InetSocketAddress intercepted;

  InboundFixture(InboundPolicy initial, String... namesAndValues) {
    policies = new FakePolicies(initial);
    String[] settings = new String[namesAndValues.length + 4];
    settings[0] = "LINKERD2_PROXY_INBOUND_LISTEN_ADDR";
    settings[1] = "127.0.0.1:0";
    settings[2] = "LINKERD2_PROXY_INBOUND_DETECT_TIMEOUT";
    settings[3] = "1s";
    System.arraycopy(namesAndValues, 0, settings, 4, namesAndValues.length);
    ProxyContext context =
        new ProxyContext(
            TestEnvironment.config(settings),
            LOOPS,
            metrics,
            tls,
            drain,
            new ControlPlane(policies, nothing(), nothing(), nothing()),
            Clock.systemUTC(),
            Ticker.systemTicker(),
            new Random(1));
    proxy =
        new InboundProxy(
            context,
            channel -> intercepted == null ? channel.localAddress() : intercepted,
            new HttpCodecs(context.config().inbound()),
            log);
    proxy.bind();
    proxy.accept();
  }

  static Loops loops() {
    return LOOPS;
  }

  static TestAuthority authority() {
    return AUTHORITY;
  }

  /** A plain connection that was redirected on its way to {@code port} of this host. */
  Socket plain(int port) throws IOException {
    intercepted = new InetSocketAddress("127.0.0.1", port);
    return plainDirect();
  }

  /** A plain connection to the proxy. */
  Socket plainDirect() throws IOException {
    Socket socket = new Socket();
    socket.connect(proxy.address(), 5_000);
    socket.setSoTimeout(10_000);
    sockets.add(socket);
    return socket;
  }

  /** A meshed connection that was redirected on its way to {@code port} of this host. */
  Socket meshed(String identity, int port) throws Exception {
    intercepted = new InetSocketAddress("127.0.0.1", port);
    return connect(AUTHORITY.workload(identity), null, new CompletableFuture<>());
  }

  /** A meshed connection to the proxy, with a header for {@code port}. */
  Socket direct(String identity, int port, TransportHeader.Session session) throws Exception {
    return direct(AUTHORITY.workload(identity), new TransportHeader(port, "", session));
  }

  Socket direct(MeshTls client, @Nullable TransportHeader header) throws Exception {
    intercepted = null;
    return connect(client, header, new CompletableFuture<>());
  }

  private Socket connect(
      MeshTls client, @Nullable TransportHeader header, CompletableFuture<PeerTls> handshake)
      throws Exception {
    Socket socket = Bridge.connect(LOOPS, proxy.address(), client, API, header, handshake);
    sockets.add(socket);
    return socket;
  }

  private static <K, T> Watcher<K, T> nothing() {
    return (_, _, _) -> {
      throw new AssertionError("the inbound side asks for inbound policies only");
    };
  }

  @Override
  public void close() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    drain.begin().get(10, TimeUnit.SECONDS);
    tls.close();
  }
}

package dev.weft.proxy.inbound;

import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.proxy.accesslog.AccessFormat;
import dev.weft.proxy.accesslog.AccessLog;
import dev.weft.proxy.config.ProxyConfig;
import dev.weft.proxy.config.TapConfig;
import dev.weft.proxy.config.TestEnvironment;
import dev.weft.proxy.control.ControlPlane;
import dev.weft.proxy.control.Watcher;
import dev.weft.proxy.metrics.Catalogue;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.runtime.Admission;
import dev.weft.proxy.runtime.Drain;
import dev.weft.proxy.runtime.Loops;
import dev.weft.proxy.runtime.ProxyContext;
import dev.weft.proxy.runtime.Telemetry;
import dev.weft.proxy.tap.TapServer;
import dev.weft.proxy.tap.Taps;
import dev.weft.proxy.testing.TestAuthority;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerId;
import dev.weft.proxy.transport.TransportHeader;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A running inbound proxy of the workload {@link #API}, with everything around it real or fake. */
final class InboundFixture implements AutoCloseable {
  static final String API = "api.shop.serviceaccount.identity.linkerd.cluster.local";
  static final String WEB = "web.shop.serviceaccount.identity.linkerd.cluster.local";
  static final String STRANGER = "stranger.shop.serviceaccount.identity.linkerd.cluster.local";

  /** Short enough to wait for in a test, long enough for a busy machine. */
  static final String DETECT_TIMEOUT = "1500ms";

  private static final TestAuthority AUTHORITY = new TestAuthority("root");
  private static final Loops LOOPS = Loops.start(Loops.defaultTransport(), 1);

  final Lines log = new Lines();
  final List<String> accessed = new CopyOnWriteArrayList<>();
  final Taps taps = new Taps();
  final Metrics metrics = new Metrics(1);
  final Drain drain = new Drain();
  final FakePolicies policies;
  final InboundProxy proxy;
  private final ProxyContext context;
  private final MeshTls tls = AUTHORITY.workload(API);
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** Where intercepted connections wanted to go; null: to the proxy itself. */
  private volatile @Nullable InetSocketAddress intercepted;

  /** A proxy where workloads share the loopback addresses, so that policy judges every client. */
  InboundFixture(InboundPolicy initial, String... namesAndValues) {
    policies = new FakePolicies(initial);
    List<String> settings =
        new ArrayList<>(
            List.of(
                "LINKERD2_PROXY_INBOUND_LISTEN_ADDR", "127.0.0.1:0",
                "LINKERD2_PROXY_INBOUND_DETECT_TIMEOUT", DETECT_TIMEOUT,
                "LINKERD2_PROXY_INBOUND_CONNECT_TIMEOUT", "2s",
                "WEFT_PROXY_MAX_CONNECTIONS", "1000",
                "WEFT_PROXY_MODE", "explicit"));
    settings.addAll(List.of(namesAndValues));
    ProxyConfig config = TestEnvironment.config(settings.toArray(String[]::new));
    context =
        new ProxyContext(
            config,
            LOOPS,
            metrics,
            tls,
            drain,
            new ControlPlane(policies, nothing(), nothing(), nothing()),
            Clock.systemUTC(),
            Ticker.systemTicker(),
            new Random(1),
            new Telemetry(
                settings.contains("LINKERD2_PROXY_ACCESS_LOG")
                    ? new AccessLog(AccessFormat.JSON, accessed::add, Clock.systemUTC())
                    : null,
                taps,
                null),
            new Admission(metrics, config.process().maxConnections()));
    proxy =
        new InboundProxy(
            context,
            null,
            channel -> intercepted == null ? channel.localAddress() : intercepted,
            new HttpCodecs(context.config().inbound()),
            log);
    proxy.bind();
    proxy.accept();
  }

  /** A running tap server for one client, at a free port. */
  InetSocketAddress tapServer(String client) {
    TapServer server =
        new TapServer(
            context, new TapConfig(new InetSocketAddress("127.0.0.1", 0), PeerId.dns(client)));
    opened.add(server);
    return server.bind();
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
    return socket(proxy.address());
  }

  /** A plain connection to the proxy itself. */
  Socket plainDirect() throws IOException {
    intercepted = null;
    return socket(proxy.address());
  }

  /** A meshed connection that was redirected on its way to {@code port} of this host. */
  Socket meshed(String identity, int port) throws IOException {
    intercepted = new InetSocketAddress("127.0.0.1", port);
    return socket(bridge(new Bridge.Way(AUTHORITY.workload(identity), API, false, null)).address());
  }

  /** A meshed connection to the proxy itself, with a header for {@code port}. */
  Socket direct(String identity, int port, TransportHeader.Session session) throws IOException {
    return socket(directBridge(identity, port, session).address());
  }

  /** Where connections are carried to {@code port} like {@link #direct}. */
  Bridge directBridge(String identity, int port, TransportHeader.Session session) {
    intercepted = null;
    TransportHeader header = new TransportHeader(port, "", session);
    return bridge(
        new Bridge.Way(
            AUTHORITY.workload(identity), API, true, channel -> header.encode(channel.alloc())));
  }

  /** A meshed connection to the proxy itself which begins with these bytes. */
  Socket direct(MeshTls client, boolean offerTransport, String opening) throws IOException {
    intercepted = null;
    return socket(
        bridge(
                new Bridge.Way(
                    client,
                    API,
                    offerTransport,
                    _ -> Unpooled.copiedBuffer(opening, StandardCharsets.ISO_8859_1)))
            .address());
  }

  Bridge bridge(Bridge.Way way) {
    return bridge(proxy::address, way);
  }

  Bridge bridge(Supplier<InetSocketAddress> server, Bridge.Way way) {
    Bridge bridge = new Bridge(LOOPS, server, way);
    opened.add(bridge);
    return bridge;
  }

  private Socket socket(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    opened.add(socket);
    socket.connect(address, 5_000);
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static <K, T> Watcher<K, T> nothing() {
    return (_, _, _) -> {
      throw new AssertionError("the inbound side asks for inbound policies only");
    };
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
    drain.begin().get(20, TimeUnit.SECONDS);
    AUTHORITY.close();
    new Catalogue().check(metrics.print());
  }
}

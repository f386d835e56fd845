package dev.weft.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.PortSet;
import dev.weft.proxy.config.LogConfig.AccessLog;
import dev.weft.proxy.tls.PeerId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pins names, grammars and defaults of the public variables. */
class ProxyConfigTest {
  private static final String P = "LINKERD2_PROXY_";

  /** One variable: its value unless set, and what a sample is read as. */
  record Row(
      String name,
      Function<ProxyConfig, @Nullable Object> read,
      @Nullable Object fallback,
      String sample,
      @Nullable Object expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Row> rows() {
    return Stream.of(listeners(), dataPaths(), inbound(), outbound(), control(), process())
        .flatMap(s -> s);
  }

  private static Stream<Row> listeners() {
    return Stream.of(
        row(
            P + "OUTBOUND_LISTEN_ADDRS",
            c -> c.outbound().listenAddresses(),
            List.of(address("127.0.0.1", 4140)),
            "127.0.0.1:1,[::1]:2",
            List.of(address("127.0.0.1", 1), address("::1", 2))),
        row(
            P + "OUTBOUND_LISTEN_ADDR",
            c -> c.outbound().listenAddresses(),
            List.of(address("127.0.0.1", 4140)),
            "127.0.1.2:4140",
            List.of(address("127.0.1.2", 4140))),
        row(
            P + "INBOUND_LISTEN_ADDR",
            c -> c.inbound().listenAddress(),
            address("0.0.0.0", 4143),
            "127.0.1.2:4143",
            address("127.0.1.2", 4143)),
        row(
            P + "ADMIN_LISTEN_ADDR",
            c -> c.admin().listenAddress(),
            address("127.0.0.1", 4191),
            "127.0.1.2:4191",
            address("127.0.1.2", 4191)),
        row(
            P + "INBOUND_TCP_LISTEN_BACKLOG",
            c -> c.inbound().path().listenBacklog(),
            0,
            "512",
            512),
        row(
            P + "OUTBOUND_TCP_LISTEN_BACKLOG",
            c -> c.outbound().path().listenBacklog(),
            0,
            "512",
            512));
  }

  private static Stream<Row> dataPaths() {
    return Stream.concat(
        path("INBOUND", c -> c.inbound().path(), millis(300), seconds(10), seconds(1), seconds(90)),
        path(
            "OUTBOUND", c -> c.outbound().path(), seconds(1), seconds(60), seconds(3), seconds(5)));
  }

  private static Stream<Row> path(
      String side,
      Function<ProxyConfig, DataPathConfig> path,
      Duration connect,
      Duration backoffMax,
      Duration failfast,
      Duration discoveryIdle) {
    String p = P + side + "_";
    String h2 = p + "SERVER_HTTP2_";
    return Stream.of(
        row(
            p + "DETECT_TIMEOUT",
            c -> path.apply(c).detectTimeout(),
            seconds(10),
            "2s",
            seconds(2)),
        row(
            p + "CONNECT_TIMEOUT",
            c -> path.apply(c).connect().timeout(),
            connect,
            "5ms",
            millis(5)),
        row(
            p + "ACCEPT_KEEPALIVE",
            c -> path.apply(c).accept().keepAliveIdle(),
            null,
            "10s",
            seconds(10)),
        row(
            p + "CONNECT_KEEPALIVE",
            c -> path.apply(c).connect().options().keepAliveIdle(),
            null,
            "10s",
            seconds(10)),
        row(
            p + "ACCEPT_USER_TIMEOUT",
            c -> path.apply(c).accept().userTimeout(),
            null,
            "30s",
            seconds(30)),
        row(
            p + "CONNECT_USER_TIMEOUT",
            c -> path.apply(c).connect().options().userTimeout(),
            null,
            "30s",
            seconds(30)),
        row(
            p + "CONNECT_EXP_BACKOFF_JITTER",
            c -> path.apply(c).connect().backoff(),
            new BackoffConfig(millis(100), backoffMax, 0.1),
            "2",
            new BackoffConfig(millis(100), backoffMax, 0.1)),
        row(p + "HTTP_QUEUE_CAPACITY", c -> path.apply(c).httpQueue().capacity(), 10_000, "7", 7),
        row(
            p + "HTTP_FAILFAST_TIMEOUT",
            c -> path.apply(c).httpQueue().failfastTimeout(),
            failfast,
            "7s",
            seconds(7)),
        row(p + "MAX_IN_FLIGHT", c -> path.apply(c).maxInFlight(), 100_000, "7", 7),
        row(
            side.equals("INBOUND")
                ? P + "MAX_IDLE_CONNS_PER_ENDPOINT"
                : p + "MAX_IDLE_CONNS_PER_ENDPOINT",
            c -> path.apply(c).pool().maxIdle(),
            10_000,
            "7",
            7),
        row(
            p + "HTTP1_CONNECTION_POOL_IDLE_TIMEOUT",
            c -> path.apply(c).pool().idleTimeout(),
            seconds(3),
            "7s",
            seconds(7)),
        row(
            p + "DISCOVERY_IDLE_TIMEOUT",
            c -> path.apply(c).discoveryIdleTimeout(),
            discoveryIdle,
            "7s",
            seconds(7)),
        row(
            P + "HTTP2_INITIAL_STREAM_WINDOW_SIZE",
            c -> path.apply(c).http2Client().streamWindowBytes(),
            65_535,
            "70000",
            70_000),
        row(
            P + "HTTP2_INITIAL_STREAM_WINDOW_SIZE",
            c -> path.apply(c).http2Client().maxStreamWindowBytes(),
            524_288,
            "70000",
            70_000),
        row(
            P + "HTTP2_INITIAL_CONNECTION_WINDOW_SIZE",
            c -> path.apply(c).http2Client().connectionWindowBytes(),
            1_048_576,
            "2000000",
            2_000_000),
        row(
            h2 + "ADAPTIVE_FLOW_CONTROL",
            c -> path.apply(c).http2Server().adaptiveFlowControl(),
            false,
            "true",
            true),
        row(
            h2 + "ADAPTIVE_FLOW_CONTROL",
            c -> path.apply(c).http2Server().settings().maxStreamWindowBytes(),
            524_288,
            "true",
            524_288),
        row(
            h2 + "MAX_CONCURRENT_STREAMS",
            c -> path.apply(c).http2Server().settings().maxConcurrentStreams(),
            100_000,
            "7",
            7),
        row(
            h2 + "MAX_FRAME_SIZE",
            c -> path.apply(c).http2Server().settings().maxFrameBytes(),
            16_384,
            "32768",
            32_768),
        row(
            h2 + "MAX_HEADER_LIST_SIZE",
            c -> path.apply(c).http2Server().settings().maxHeaderListBytes(),
            16_384,
            "32768",
            32_768),
        row(
            h2 + "MAX_SEND_BUF_SIZE",
            c -> path.apply(c).http2Server().maxSendBufferBytes(),
            0,
            "7",
            7),
        row(
            h2 + "MAX_PENDING_ACCEPT_RESET_STREAMS",
            c -> path.apply(c).http2Server().maxPendingResets(),
            0,
            "7",
            7));
  }

  private static Stream<Row> inbound() {
    return Stream.of(
        row(
            P + "INBOUND_IPS",
            c -> c.inbound().ips(),
            Set.of(),
            "10.0.0.1,fd00::1",
            Set.of(ip("10.0.0.1"), ip("fd00::1"))),
        row(
            P + "INBOUND_PORTS",
            c -> c.inbound().ports(),
            PortSet.EMPTY,
            "80, ,8000-8001",
            PortSet.of(80, 8000, 8001)),
        row(
            P + "INBOUND_PORTS_DISABLE_PROTOCOL_DETECTION",
            c -> c.inbound().opaquePorts(),
            PortSet.EMPTY,
            "25,587",
            PortSet.of(25, 587)),
        row(
            P + "INBOUND_DEFAULT_POLICY",
            c -> c.inbound().defaultPolicy(),
            DefaultInboundPolicy.ALL_UNAUTHENTICATED,
            "deny",
            DefaultInboundPolicy.DENY),
        row(
            P + "POLICY_CLUSTER_NETWORKS",
            c -> c.inbound().clusterNetworks(),
            List.of(),
            "10.0.0.0/8,1.2.3.4",
            List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("1.2.3.4/32"))),
        row(
            P + "INBOUND_GATEWAY_SUFFIXES",
            c -> c.inbound().gatewaySuffixes(),
            DnsSuffixes.NONE,
            "svc.cluster.local.",
            new DnsSuffixes(List.of("svc.cluster.local"))),
        row(
            P + "INBOUND_METRICS_AUTHORITY_LABELS",
            c -> c.inbound().authorityLabels(),
            false,
            "unsafe",
            true),
        row(
            "WEFT_PROXY_INBOUND_FORWARD_IP",
            c -> c.inbound().forwardIp(),
            null,
            "127.0.0.9",
            address("127.0.0.9", 0).getAddress()),
        row("WEFT_PROXY_MODE", ProxyConfig::mode, ProxyMode.AUTO, "explicit", ProxyMode.EXPLICIT));
  }

  private static Stream<Row> outbound() {
    return Stream.of(
        row(
            P + "OUTBOUND_TCP_QUEUE_CAPACITY",
            c -> c.outbound().tcpQueue().capacity(),
            10_000,
            "7",
            7),
        row(
            P + "OUTBOUND_TCP_FAILFAST_TIMEOUT",
            c -> c.outbound().tcpQueue().failfastTimeout(),
            seconds(3),
            "7s",
            seconds(7)),
        row(
            P + "OUTBOUND_METRICS_HOSTNAME_LABELS",
            c -> c.outbound().hostnameLabels(),
            false,
            "true",
            true),
        row(
            "WEFT_PROXY_OUTBOUND_SLOW_START",
            c -> c.outbound().balance().slowStart(),
            seconds(10),
            "1m",
            Duration.ofMinutes(1)),
        row(
            "WEFT_PROXY_OUTBOUND_OTHER_ZONE_SHARE",
            c -> c.outbound().balance().otherZoneShare(),
            1.0,
            "0.25",
            0.25),
        row(
            P + "OUTBOUND_DISABLE_INFORMATIONAL_HEADERS",
            c -> c.outbound().informationalHeaders(),
            true,
            "true",
            false),
        row(P + "INGRESS_MODE", c -> c.outbound().informationalHeaders(), true, "true", false),
        row(P + "INGRESS_MODE", c -> c.outbound().ingressMode(), false, "true", true));
  }

  private static Stream<Row> control() {
    return Stream.of(
        row(P + "DESTINATION_CONTEXT", c -> c.control().destinationContext(), "", "ns:x", "ns:x"),
        row(
            P + "DESTINATION_PROFILE_SUFFIXES",
            c -> c.control().profileSuffixes().suffixes(),
            List.of("svc.cluster.local"),
            ".,Example.COM",
            List.of("", "example.com")),
        row(
            P + "DESTINATION_PROFILE_NETWORKS",
            c -> c.control().profileNetworks(),
            List.of(),
            "10.0.0.0/8",
            List.of(Cidr.parse("10.0.0.0/8"))),
        row(
            P + "DESTINATION_PROFILE_INITIAL_TIMEOUT",
            c -> c.control().profileInitialTimeout(),
            millis(500),
            "1s",
            seconds(1)),
        row(
            P + "CONTROL_STREAM_INITIAL_TIMEOUT",
            c -> c.control().streams().initial(),
            null,
            "3s",
            seconds(3)),
        row(
            P + "CONTROL_STREAM_IDLE_TIMEOUT",
            c -> c.control().streams().idle(),
            null,
            "5m",
            Duration.ofMinutes(5)),
        row(
            P + "CONTROL_STREAM_LIFETIME",
            c -> c.control().streams().lifetime(),
            null,
            "1h",
            Duration.ofHours(1)),
        row(P + "DNS_MIN_TTL", c -> c.control().dnsMinTtl(), null, "1s", seconds(1)),
        row(P + "DNS_MAX_TTL", c -> c.control().dnsMaxTtl(), null, "1d", Duration.ofDays(1)),
        row(
            P + "TAP_SVC_NAME",
            ProxyConfig::tap,
            null,
            "tap.viz",
            new TapConfig(address("0.0.0.0", 4190), PeerId.dns("tap.viz"))),
        row(
            P + "IDENTITY_DIR",
            c -> c.identity().directory(),
            null,
            "/var/run/x",
            Path.of("/var/run/x")),
        row(
            P + "IDENTITY_MIN_REFRESH",
            c -> c.identity().minRefresh(),
            seconds(10),
            "0",
            Duration.ZERO),
        row(
            P + "IDENTITY_MAX_REFRESH",
            c -> c.identity().maxRefresh(),
            Duration.ofHours(24),
            "1h",
            Duration.ofHours(1)));
  }

  private static Stream<Row> process() {
    return Stream.of(
        row(P + "LOG", c -> c.log().filter(), "warn,linkerd=info,hickory=error", "off", "off"),
        row(P + "LOG_FORMAT", c -> c.log().json(), false, "JSON", true),
        row(P + "ACCESS_LOG", c -> c.log().access(), AccessLog.OFF, "apache", AccessLog.APACHE),
        row(P + "CORES", c -> c.process().workers(), 1, "3", 3),
        row(P + "CORES_MIN", c -> c.process().workers(), 1, "2", 2),
        row(P + "CORES_MAX", c -> c.process().workers(), 1, "99", 4),
        row(P + "CORES_MAX_RATIO", c -> c.process().workers(), 1, "0.5", 2),
        row(
            P + "SHUTDOWN_GRACE_PERIOD",
            c -> c.process().shutdownGracePeriod(),
            seconds(120),
            "1m",
            seconds(60)),
        row(
            P + "SHUTDOWN_ENDPOINT_ENABLED",
            c -> c.admin().shutdownEndpoint(),
            false,
            "true",
            true),
        row(
            P + "METRICS_RETAIN_IDLE",
            c -> c.admin().metricsRetainIdle(),
            Duration.ofMinutes(10),
            "5s",
            seconds(5)),
        row("WEFT_PROXY_IO", c -> c.process().transport() == IoTransport.NIO, false, "nio", true));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void variable_notSet_hasItsDefault(Row row) {
    assertThat(row.read.apply(TestEnvironment.config())).isEqualTo(row.fallback);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void variable_set_isRead(Row row) {
    assertThat(row.read.apply(TestEnvironment.config(row.name, row.sample)))
        .isEqualTo(row.expected);
  }

  @ParameterizedTest
  @CsvSource({
    "OUTBOUND_CONNECT_TIMEOUT, 1.5s",
    "OUTBOUND_CONNECT_TIMEOUT, 10",
    "OUTBOUND_CONNECT_TIMEOUT, 10 s",
    "OUTBOUND_CONNECT_TIMEOUT, -1s",
    "SHUTDOWN_ENDPOINT_ENABLED, TRUE",
    "SHUTDOWN_ENDPOINT_ENABLED, 1",
    "INBOUND_PORTS, 90-80",
    "INBOUND_PORTS, http",
    "INBOUND_IPS, 10.0.0.0/8",
    "POLICY_CLUSTER_NETWORKS, 10.0.0.0/33",
    "INBOUND_LISTEN_ADDR, localhost:4143",
    "INBOUND_LISTEN_ADDR, 0.0.0.0:70000",
    "OUTBOUND_LISTEN_ADDRS, '127.0.0.1:1,127.0.0.1:2,127.0.0.1:3'",
    "DESTINATION_SVC_ADDR, 127.0.0.1",
    "DESTINATION_SVC_NAME, name.with.dot.",
    "INBOUND_DEFAULT_POLICY, all-tls-unauthenticated",
    "INBOUND_DEFAULT_POLICY, cluster-authenticated",
    "INBOUND_METRICS_AUTHORITY_LABELS, safe",
    "LOG_FORMAT, xml",
    "IDENTITY_DISABLED, yes",
    "IDENTITY_TRUST_ANCHORS, nothing",
    "OUTBOUND_CONNECT_EXP_BACKOFF_MIN, 1s",
    "INBOUND_SERVER_HTTP2_INITIAL_STREAM_WINDOW_SIZE, 70000",
    "INBOUND_SERVER_HTTP2_KEEP_ALIVE_INTERVAL, 10s",
    "INBOUND_SERVER_HTTP2_MAX_FRAME_SIZE, 100",
    "MAX_IDLE_CONNS_PER_ENDPOINT, many",
  })
  void read_badValue_isRefusedByName(String suffix, String value) {
    Map<String, String> env = TestEnvironment.minimal();
    env.put(P + suffix, value);

    assertThat(problems(env)).singleElement().asString().contains(P + suffix);
  }

  @ParameterizedTest
  @CsvSource({
    "DESTINATION_SVC_ADDR",
    "POLICY_SVC_ADDR",
    "POLICY_WORKLOAD",
    "IDENTITY_SVC_ADDR",
    "IDENTITY_TRUST_ANCHORS",
    "IDENTITY_TOKEN_FILE",
    "IDENTITY_LOCAL_NAME",
  })
  void read_requiredVariableMissing_isRefusedByName(String suffix) {
    Map<String, String> env = TestEnvironment.minimal();
    env.remove(P + suffix);

    assertThat(problems(env)).singleElement().asString().contains(P + suffix);
  }

  @Test
  void read_severalBadValues_tellsAll() {
    Map<String, String> env = TestEnvironment.minimal();
    env.put(P + "LOG_FORMAT", "xml");
    env.put(P + "INBOUND_PORTS", "x");
    env.remove(P + "POLICY_WORKLOAD");

    assertThat(problems(env)).hasSize(3);
  }

  @Test
  void read_remoteServiceWithoutName_isRefused() {
    Map<String, String> env = TestEnvironment.minimal();
    env.put(P + "POLICY_SVC_ADDR", "linkerd-policy.linkerd.svc.cluster.local.:8090");

    assertThat(problems(env)).singleElement().asString().contains(P + "POLICY_SVC_NAME");
  }

  @Test
  void read_loopbackServiceWithName_keepsTheIdentity() {
    ProxyConfig config = TestEnvironment.config(P + "POLICY_SVC_NAME", "policy.linkerd");

    assertThat(config.control().policy().identity()).hasToString("policy.linkerd");
    assertThat(config.control().destination().identity()).isNull();
  }

  @Test
  void read_idAndServerNameDiffer_isRefused() {
    Map<String, String> env = TestEnvironment.minimal();
    env.remove(P + "IDENTITY_LOCAL_NAME");
    env.put(P + "IDENTITY_SERVER_ID", "a.example");
    env.put(P + "IDENTITY_SERVER_NAME", "b.example");

    assertThat(problems(env)).singleElement().asString().contains("a.example", "b.example");
  }

  @Test
  void read_streamLimitsOutOfOrder_isRefused() {
    Map<String, String> env = TestEnvironment.minimal();
    env.put(P + "CONTROL_STREAM_INITIAL_TIMEOUT", "10s");
    env.put(P + "CONTROL_STREAM_IDLE_TIMEOUT", "3s");

    assertThat(problems(env)).singleElement().asString().contains("CONTROL_STREAM");
  }

  @Test
  void read_backoffPair_hasNoJitterUnlessGiven() {
    ProxyConfig config =
        TestEnvironment.config(
            P + "OUTBOUND_CONNECT_EXP_BACKOFF_MIN", "1s",
            P + "OUTBOUND_CONNECT_EXP_BACKOFF_MAX", "2s");

    assertThat(config.outbound().path().connect().backoff())
        .isEqualTo(new BackoffConfig(seconds(1), seconds(2), 0));
  }

  @Test
  void read_explicitMode_forwardsToLoopback() {
    ProxyConfig config = TestEnvironment.config("WEFT_PROXY_MODE", "explicit");

    assertThat(config.inbound().forwardIp()).hasToString("/127.0.0.1");
  }

  @Test
  void read_badCores_areLeftOutWithWarning() throws Exception {
    Map<String, String> env = TestEnvironment.minimal();
    env.put(P + "CORES_MAX", "0");
    ProxyConfig.Reading reading = ProxyConfig.read(env, 4);

    assertThat(reading.config().process().workers()).isEqualTo(1);
    assertThat(reading.warnings()).anyMatch(w -> w.contains("CORES_MAX"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"ns\":\"shop\", \"nodeName\":\"n\", \"pod\":\"p\"} | shop",
        "ns:shop | shop",
        "'' | ",
        "{\"pod\":\"p\"} | ",
      })
  void namespace_ofContext_isFoundInBothForms(String context, @Nullable String namespace) {
    assertThat(
            TestEnvironment.config(P + "DESTINATION_CONTEXT", context + "\n").control().namespace())
        .isEqualTo(Optional.ofNullable(namespace));
  }

  private static List<String> problems(Map<String, String> env) {
    return catchThrowableOfType(InvalidConfigException.class, () -> ProxyConfig.read(env, 4))
        .problems();
  }

  private static Row row(
      String name,
      Function<ProxyConfig, @Nullable Object> read,
      @Nullable Object fallback,
      String sample,
      @Nullable Object expected) {
    return new Row(name, read, fallback, sample, expected);
  }

  private static Duration seconds(long n) {
    return Duration.ofSeconds(n);
  }

  private static Duration millis(long n) {
    return Duration.ofMillis(n);
  }

  private static IpAddr ip(String text) {
    return IpAddr.tryParse(text).orElseThrow();
  }

  private static InetSocketAddress address(String ip, int port) {
    InetAddress address = ip(ip).toInetAddress();
    return new InetSocketAddress(address, port);
  }
}

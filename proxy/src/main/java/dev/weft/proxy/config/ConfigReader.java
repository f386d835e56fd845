package dev.weft.proxy.config;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.PortSet;
import dev.weft.proxy.config.LogConfig.AccessLog;
import io.netty.channel.epoll.Epoll;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the whole environment once. */
final class ConfigReader {
  private static final String OUTBOUND_LISTEN = "127.0.0.1:4140";
  private static final String INBOUND_LISTEN = "0.0.0.0:4143";
  private static final String ADMIN_LISTEN = "127.0.0.1:4191";
  private static final String TAP_LISTEN = "0.0.0.0:4190";
  private static final Duration GRACE_PERIOD = Duration.ofSeconds(120);
  private static final Duration METRICS_RETAIN_IDLE = Duration.ofMinutes(10);
  private static final int METRICS_MAX_SERIES = 50_000;
  private static final int TCP_QUEUE_CAPACITY = 10_000;
  private static final Duration TCP_FAILFAST_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration SLOW_START = Duration.ofSeconds(10);

  private final Environment env;
  private final int availableProcessors;

  ConfigReader(Map<String, String> environment, int availableProcessors) {
    this.env = new Environment(environment);
    this.availableProcessors = availableProcessors;
  }

  ProxyConfig.Reading read() throws InvalidConfigException {
    DataPathReader paths = new DataPathReader(env);
    ControlReader controls = new ControlReader(env);
    ProxyMode mode =
        orElse(
            env.findWhole("WEFT_PROXY_MODE", text -> Grammars.oneOf(ProxyMode.class, text)),
            ProxyMode.AUTO);
    Set<IpAddr> ips = env.get("INBOUND_IPS", Grammars::ips, Set.of());
    InboundConfig inbound = inbound(mode, ips, paths.read(DataPathReader.Side.INBOUND));
    OutboundConfig outbound = outbound(ips, paths.read(DataPathReader.Side.OUTBOUND));
    AdminConfig admin =
        new AdminConfig(
            listen("ADMIN_LISTEN_ADDR", ADMIN_LISTEN),
            env.get("SHUTDOWN_ENDPOINT_ENABLED", Grammars::bool, false),
            env.get("METRICS_RETAIN_IDLE", Grammars::duration, METRICS_RETAIN_IDLE),
            orElse(
                env.findWhole("WEFT_PROXY_METRICS_MAX_SERIES", Grammars::positive),
                METRICS_MAX_SERIES));
    ControlConfig control = controls.read();
    IdentityConfig identity = new IdentityReader(env, controls).read();
    TapConfig tap = tap();
    TraceConfig trace = controls.trace();
    LogConfig log = log();
    ProcessConfig process = process();
    if (!env.problems().isEmpty() || control == null || identity == null) {
      throw new InvalidConfigException(env.problems());
    }
    return new ProxyConfig.Reading(
        new ProxyConfig(
            mode, inbound, outbound, admin, control, identity, tap, trace, log, process),
        env.warnings());
  }

  private InboundConfig inbound(ProxyMode mode, Set<IpAddr> ips, DataPathConfig path) {
    List<Cidr> clusterNetworks = env.get("POLICY_CLUSTER_NETWORKS", Grammars::networks, List.of());
    return new InboundConfig(
        listen("INBOUND_LISTEN_ADDR", INBOUND_LISTEN),
        path,
        ips,
        env.get("INBOUND_PORTS", Grammars::ports, PortSet.EMPTY),
        env.get("INBOUND_PORTS_DISABLE_PROTOCOL_DETECTION", Grammars::ports, PortSet.EMPTY),
        defaultPolicy(),
        clusterNetworks,
        env.get("INBOUND_GATEWAY_SUFFIXES", Grammars::suffixes, DnsSuffixes.NONE),
        env.get("INBOUND_METRICS_AUTHORITY_LABELS", ConfigReader::authorityLabels, false),
        forwardIp(mode),
        orElse(
            env.findWhole(
                "WEFT_PROXY_DENIAL_DETAIL", text -> Grammars.oneOf(DenialDetail.class, text)),
            DenialDetail.MESHED));
  }

  private DefaultInboundPolicy defaultPolicy() {
    if (!env.has("INBOUND_DEFAULT_POLICY")) {
      env.warning(
          "LINKERD2_PROXY_INBOUND_DEFAULT_POLICY is not set; all-unauthenticated holds until a"
              + " port's policy is known");
    }
    DefaultInboundPolicy policy =
        env.get(
            "INBOUND_DEFAULT_POLICY",
            text ->
                DefaultInboundPolicy.parse(text)
                    .orElseThrow(
                        () ->
                            Grammars.refused(
                                "unknown policy",
                                "deny, all-authenticated, all-unauthenticated,"
                                    + " cluster-authenticated, cluster-unauthenticated or audit")),
            DefaultInboundPolicy.ALL_UNAUTHENTICATED);
    boolean cluster =
        policy == DefaultInboundPolicy.CLUSTER_AUTHENTICATED
            || policy == DefaultInboundPolicy.CLUSTER_UNAUTHENTICATED;
    if (cluster && !env.has("POLICY_CLUSTER_NETWORKS")) {
      env.problem(
          "LINKERD2_PROXY_INBOUND_DEFAULT_POLICY='"
              + policy
              + "' refused; cause: the cluster's networks are not known; fix: set"
              + " LINKERD2_PROXY_POLICY_CLUSTER_NETWORKS");
    }
    return policy;
  }

  private static boolean authorityLabels(String text) {
    return switch (text) {
      case "" -> false;
      case "unsafe" -> true;
      default -> throw Grammars.refused("unknown", "unsafe, or nothing");
    };
  }

  private @Nullable InetAddress forwardIp(ProxyMode mode) {
    IpAddr ip = env.findWhole("WEFT_PROXY_INBOUND_FORWARD_IP", Grammars::ip);
    if (ip != null) {
      return ip.toInetAddress();
    }
    return switch (mode) {
      case AUTO -> null;
      case EXPLICIT -> Grammars.ip("127.0.0.1").toInetAddress();
    };
  }

  private OutboundConfig outbound(Set<IpAddr> ips, DataPathConfig path) {
    InetSocketAddress single = listen("OUTBOUND_LISTEN_ADDR", OUTBOUND_LISTEN);
    boolean ingress = env.get("INGRESS_MODE", Grammars::bool, false);
    return new OutboundConfig(
        env.get("OUTBOUND_LISTEN_ADDRS", Grammars::listenAddresses, List.of(single)),
        path,
        ips,
        new QueueConfig(
            env.get("OUTBOUND_TCP_QUEUE_CAPACITY", Grammars::unsigned, TCP_QUEUE_CAPACITY),
            env.get("OUTBOUND_TCP_FAILFAST_TIMEOUT", Grammars::duration, TCP_FAILFAST_TIMEOUT)),
        ingress,
        !env.get("OUTBOUND_DISABLE_INFORMATIONAL_HEADERS", Grammars::bool, ingress),
        balance(),
        env.get("OUTBOUND_METRICS_HOSTNAME_LABELS", Grammars::bool, false));
  }

  private BalanceConfig balance() {
    Duration slowStart = env.findWhole("WEFT_PROXY_OUTBOUND_SLOW_START", Grammars::duration);
    Double otherZone = env.findWhole("WEFT_PROXY_OUTBOUND_OTHER_ZONE_SHARE", Grammars::ratio);
    return new BalanceConfig(
        slowStart == null ? SLOW_START : slowStart, otherZone == null ? 1 : otherZone);
  }

  private InetSocketAddress listen(String suffix, String fallback) {
    return env.get(suffix, Grammars::socketAddress, Grammars.socketAddress(fallback));
  }

  private @Nullable TapConfig tap() {
    InetSocketAddress address = listen("CONTROL_LISTEN_ADDR", TAP_LISTEN);
    var client = env.find("TAP_SVC_NAME", Grammars::identity);
    return client == null ? null : new TapConfig(address, client);
  }

  private LogConfig log() {
    String filter = env.get("LOG", text -> text, LogConfig.DEFAULT_FILTER);
    boolean json = env.get("LOG_FORMAT", ConfigReader::jsonFormat, false);
    String access = env.raw(Environment.PREFIX + "ACCESS_LOG");
    AccessLog form = AccessLog.OFF;
    if (access != null) {
      switch (access.toLowerCase(Locale.ROOT)) {
        case "apache" -> form = AccessLog.APACHE;
        case "json" -> form = AccessLog.JSON;
        default ->
            env.warning("LINKERD2_PROXY_ACCESS_LOG='" + access + "' is neither apache nor json");
      }
    }
    return new LogConfig(filter, json, form);
  }

  private static boolean jsonFormat(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "plain" -> false;
      case "json" -> true;
      default -> throw Grammars.refused("unknown format", "plain or json");
    };
  }

  private ProcessConfig process() {
    IoTransport transport =
        orElse(
            env.findWhole("WEFT_PROXY_IO", text -> Grammars.oneOf(IoTransport.class, text)),
            Epoll.isAvailable() ? IoTransport.EPOLL : IoTransport.NIO);
    return new ProcessConfig(
        transport,
        workers(),
        env.get("SHUTDOWN_GRACE_PERIOD", Grammars::duration, GRACE_PERIOD),
        orElse(env.findWhole("WEFT_PROXY_MAX_CONNECTIONS", Grammars::positive), 0));
  }

  /** The most that is allowed, else a share of the machine, else one; within floor and machine. */
  private int workers() {
    Integer floor = lenient("CORES_MIN", Grammars::positive);
    if (floor == null) {
      floor = lenient("CORES", Grammars::positive);
    }
    Integer max = lenient("CORES_MAX", Grammars::positive);
    Double ratio = lenient("CORES_MAX_RATIO", Grammars::ratio);
    long wanted = 1;
    if (max != null) {
      wanted = max;
    } else if (ratio != null) {
      wanted = Math.round(availableProcessors * ratio);
    }
    wanted = Math.max(wanted, floor == null ? 1 : floor);
    return (int) Math.max(1, Math.min(wanted, availableProcessors));
  }

  /** Core settings that are wrong are left out, with a warning. */
  private <T> @Nullable T lenient(String suffix, Environment.Grammar<T> grammar) {
    String value = env.raw(Environment.PREFIX + suffix);
    if (value == null) {
      return null;
    }
    try {
      return grammar.read(value);
    } catch (IllegalArgumentException e) {
      env.warning(Environment.PREFIX + suffix + "='" + value + "' left out; " + e.getMessage());
      return null;
    }
  }

  private static <T> T orElse(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }
}

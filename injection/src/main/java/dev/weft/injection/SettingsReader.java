package dev.weft.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.injection.Settings.Image;
import dev.weft.mesh.Cidr;

/** Reads {@link Settings} from the tree of values; defaults are those of the contract. */
final class SettingsReader {
  private static final String OPAQUE_PORTS = "25,587,3306,4444,5432,6379,9300,11211";
  private static final String NETWORKS =
      "10.0.0.0/8,100.64.0.0/10,172.16.0.0/12,192.168.0.0/16,fd00::/8";

  private final ValueReader root;
  private final ValueReader proxy;

  private SettingsReader(ObjectNode values) {
    root = ValueReader.of(values);
    proxy = root.at("proxy");
  }

  /**
   * @throws ValuesException naming the key that cannot be read
   */
  static Settings read(ObjectNode values) {
    return new SettingsReader(values).settings();
  }

  private Settings settings() {
    return new Settings(
        cluster(),
        proxy(),
        proxyInit(),
        validator(),
        image(root.at("debugContainer"), "cr.l5d.io/linkerd/debug"),
        root.at("debugContainer").flag("enabled", false),
        root.at("identity").flag("serviceAccountTokenProjection", true));
  }

  private Settings.Cluster cluster() {
    String domain = root.textOr("clusterDomain", "cluster.local");
    String networks = root.textOr("clusterNetworks", NETWORKS);
    for (String network : networks.split(",", -1)) {
      try {
        Cidr.parse(network.strip());
      } catch (IllegalArgumentException e) {
        throw new ValuesException(
            "value clusterNetworks refused; cause: '%s' is no CIDR block; fix: blocks such as 10.0.0.0/8, separated by commas"
                .formatted(network));
      }
    }
    return new Settings.Cluster(
        domain,
        root.textOr("identityTrustDomain", domain),
        networks,
        !root.flag("disableIPv6", true),
        root.flag("cniEnabled", false));
  }

  private Image image(ValueReader owner, String name) {
    ValueReader image = owner.at("image");
    return new Image(
        image.textOr("name", name),
        image.textOr("version", root.text("linkerdVersion", "")),
        image.textOr("pullPolicy", root.textOr("imagePullPolicy", "IfNotPresent")));
  }

  private Settings.Proxy proxy() {
    return new Settings.Proxy(
        image(proxy, "weft.dev/proxy"),
        ports(),
        proxy.number("uid", 2102),
        proxy.number("gid", -1),
        workers(),
        proxy.object("resources"),
        proxy.object("securityContext"),
        new Settings.Log(
            proxy.textOr("logLevel", "warn,linkerd=info,hickory=error"),
            proxy.textOr("logFormat", "plain"),
            proxy.text("logHTTPHeaders", "off"),
            proxy.text("accessLog", "")),
        lifecycle(),
        probes(),
        timeouts(),
        policy(),
        proxy.at("inbound").at("server").object("http2"),
        proxy.at("outbound").at("server").object("http2"),
        tracing(),
        proxy.list("additionalEnv"),
        proxy.list("experimentalEnv"));
  }

  private Settings.Ports ports() {
    ValueReader ports = proxy.at("ports");
    return new Settings.Ports(
        ports.number("admin", 4191),
        ports.number("control", 4190),
        ports.number("inbound", 4143),
        ports.number("outbound", 4140));
  }

  private Settings.Workers workers() {
    ValueReader workers = proxy.at("runtime").at("workers");
    return new Settings.Workers(
        proxy.textOr("cores", workers.textOr("minimum", "1")),
        workers.text("maximum", ""),
        workers.text("maximumCPURatio", ""));
  }

  private Settings.Lifecycle lifecycle() {
    return new Settings.Lifecycle(
        proxy.flag("await", true),
        proxy.flag("nativeSidecar", true),
        proxy.number("waitBeforeExitSeconds", 0),
        proxy.text("shutdownGracePeriod", ""),
        proxy.flag("enableShutdownEndpoint", false));
  }

  private Settings.Probes probes() {
    ValueReader live = proxy.at("livenessProbe");
    ValueReader ready = proxy.at("readinessProbe");
    ValueReader start = proxy.at("startupProbe");
    return new Settings.Probes(
        live.number("initialDelaySeconds", 10),
        live.number("timeoutSeconds", 1),
        ready.number("initialDelaySeconds", 2),
        ready.number("timeoutSeconds", 1),
        start.number("initialDelaySeconds", 0),
        start.number("periodSeconds", 1),
        start.number("failureThreshold", 120));
  }

  private Settings.Timeouts timeouts() {
    ValueReader streams = proxy.at("control").at("streams");
    return new Settings.Timeouts(
        proxy.textOr("inboundConnectTimeout", "100ms"),
        proxy.textOr("outboundConnectTimeout", "1000ms"),
        proxy.textOr("inboundDiscoveryCacheUnusedTimeout", "90s"),
        proxy.textOr("outboundDiscoveryCacheUnusedTimeout", "5s"),
        proxy.flag("disableInboundProtocolDetectTimeout", false),
        proxy.flag("disableOutboundProtocolDetectTimeout", false),
        streams.text("initialTimeout", "3s"),
        streams.text("idleTimeout", "5m"),
        streams.text("lifetime", "1h"));
  }

  private Settings.Policy policy() {
    return new Settings.Policy(
        proxy.textOr("defaultInboundPolicy", "all-unauthenticated"),
        proxy.text("opaquePorts", OPAQUE_PORTS),
        proxy.text("requireIdentityOnInboundPorts", ""),
        proxy.text("requireTLSOnInboundPorts", ""),
        proxy.flag("enableExternalProfiles", false),
        proxy.flag("isIngress", false),
        proxy.flag("isGateway", false),
        proxy.at("metrics").flag("hostnameLabels", false));
  }

  private Settings.Tracing tracing() {
    ValueReader tracing = proxy.at("tracing");
    ValueReader collector = tracing.at("collector");
    ValueReader identity = collector.at("meshIdentity");
    return new Settings.Tracing(
        tracing.flag("enabled", false),
        tracing.textOr("traceServiceName", "linkerd-proxy"),
        collector.text("endpoint", ""),
        identity.text("serviceAccountName", ""),
        identity.text("namespace", ""),
        tracing.object("labels"));
  }

  private Settings.ProxyInit proxyInit() {
    ValueReader init = root.at("proxyInit");
    return new Settings.ProxyInit(
        init.textOr("iptablesMode", "nft"),
        init.text("ignoreInboundPorts", "4567,4568"),
        init.text("ignoreOutboundPorts", "4567,4568"),
        init.text("skipSubnets", ""),
        init.number("closeWaitTimeoutSecs", 0),
        init.text("logFormat", ""),
        init.text("logLevel", ""),
        init.flag("privileged", false),
        init.flag("runAsRoot", false),
        init.number("runAsUser", 65534),
        init.number("runAsGroup", 65534),
        init.isObject("xtMountPath")
            ? init.at("xtMountPath").textOr("mountPath", "/run")
            : init.textOr("xtMountPath", "/run"));
  }

  private Settings.Validator validator() {
    ValueReader validator = root.at("networkValidator");
    boolean ipv6 = !root.flag("disableIPv6", true);
    return new Settings.Validator(
        validator.textOr("logLevel", "debug"),
        validator.textOr("logFormat", "plain"),
        validator.textOr("connectAddr", ipv6 ? "[fd00::1]:20001" : "1.1.1.1:20001"),
        validator.textOr("listenAddr", ipv6 ? "[::]:4140" : "0.0.0.0:4140"),
        validator.textOr("timeout", "10s"),
        validator.object("securityContext"),
        validator.flag("enableSecurityContext", true));
  }
}

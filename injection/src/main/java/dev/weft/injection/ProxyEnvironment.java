package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The environment of a proxy, which is all its configuration. Variables that others refer to by
 * {@code $(...)} come first, since Kubernetes expands only what was defined before.
 */
final class ProxyEnvironment {
  private static final String PREFIX = "LINKERD2_PROXY_";
  private static final String NEVER = "365d";
  private static final String HEADERS_OFF = ",[{headers}]=off,[{request}]=off";
  private static final String KEEPALIVE = "10000ms";
  private static final String USER_TIMEOUT = "30s";

  private final Installation mesh;
  private final Settings settings;
  private final Settings.Proxy proxy;
  private final PodView pod;
  private final Map<String, String> annotations;
  private final EnvList env = new EnvList();

  private ProxyEnvironment(
      Installation mesh, Settings settings, PodView pod, Map<String, String> annotations) {
    this.mesh = mesh;
    this.settings = settings;
    this.proxy = settings.proxy();
    this.pod = pod;
    this.annotations = annotations;
  }

  /**
   * @throws RefusedException if the settings do not go together
   */
  static ArrayNode of(
      Installation mesh, Settings settings, PodView pod, Map<String, String> annotations) {
    ProxyEnvironment environment = new ProxyEnvironment(mesh, settings, pod, annotations);
    environment.pod();
    environment.process();
    environment.controlPlane();
    environment.listeners();
    environment.inbound();
    environment.outbound();
    environment.identity();
    environment.tracing();
    return environment
        .env
        .addAll(environment.proxy.additionalEnv())
        .addAll(environment.proxy.experimentalEnv())
        .list();
  }

  private void set(String name, Object value) {
    env.set(PREFIX + name, value);
  }

  private void setIfAny(String name, String value) {
    env.setIfAny(PREFIX + name, value);
  }

  private void pod() {
    env.field("_pod_name", "metadata.name")
        .field("_pod_ns", "metadata.namespace")
        .field("_pod_uid", "metadata.uid")
        .field("_pod_ip", "status.podIP")
        .field("_pod_nodeName", "spec.nodeName")
        .field("_pod_sa", "spec.serviceAccountName")
        .set("_pod_containerName", Names.PROXY_CONTAINER)
        .set("_l5d_ns", mesh.controlPlaneNamespace())
        .set("_l5d_trustdomain", settings.cluster().trustDomain());
  }

  private void process() {
    set("CORES", proxy.workers().minimum());
    set("CORES_MIN", proxy.workers().minimum());
    setIfAny("CORES_MAX", proxy.workers().maximum());
    setIfAny("CORES_MAX_RATIO", proxy.workers().maximumRatio());
    setIfAny("INBOUND_PORTS_REQUIRE_IDENTITY", proxy.policy().requireIdentityPorts());
    setIfAny("INBOUND_PORTS_REQUIRE_TLS", proxy.policy().requireTlsPorts());
    set("SHUTDOWN_ENDPOINT_ENABLED", proxy.lifecycle().shutdownEndpoint());
    set("LOG", logFilter());
    set("LOG_FORMAT", proxy.log().format());
    setIfAny("ACCESS_LOG", proxy.log().access());
    setIfAny("SHUTDOWN_GRACE_PERIOD", proxy.lifecycle().shutdownGracePeriod());
  }

  private String logFilter() {
    String level = proxy.log().level();
    return switch (proxy.log().httpHeaders()) {
      case "", "off" -> level + HEADERS_OFF;
      case "insecure" -> level;
      default -> {
        String value = proxy.log().httpHeaders();
        String fix = "off or insecure";
        String key = ConfigAnnotation.LOG_HTTP_HEADERS.key();
        throw annotations.containsKey(key)
            ? RefusedException.annotation(key, value, "no such way to log headers", fix)
            : new RefusedException(
                "value proxy.logHTTPHeaders=%s refused; cause: no such way to log headers; fix: write %s"
                    .formatted(value, fix));
      }
    };
  }

  private void controlPlane() {
    String networks = settings.cluster().networks();
    service("DESTINATION", "linkerd-dst-headless", 8086, "linkerd-destination");
    set("DESTINATION_PROFILE_NETWORKS", networks);
    set(
        "DESTINATION_PROFILE_SUFFIXES",
        proxy.policy().externalProfiles() ? "." : "svc." + settings.cluster().domain() + ".");
    set(
        "DESTINATION_CONTEXT",
        "{\"ns\":\"$(_pod_ns)\", \"nodeName\":\"$(_pod_nodeName)\", \"pod\":\"$(_pod_name)\"}\n");
    service("POLICY", "linkerd-policy", 8090, "linkerd-policy");
    set("POLICY_WORKLOAD", "{\"ns\":\"$(_pod_ns)\", \"pod\":\"$(_pod_name)\"}\n");
    set("POLICY_CLUSTER_NETWORKS", networks);
    set("CONTROL_STREAM_INITIAL_TIMEOUT", proxy.timeouts().streamInitial());
    set("CONTROL_STREAM_IDLE_TIMEOUT", proxy.timeouts().streamIdle());
    set("CONTROL_STREAM_LIFETIME", proxy.timeouts().streamLifetime());
  }

  private void service(String name, String service, int port, String account) {
    set(
        name + "_SVC_ADDR",
        "%s.%s.svc.%s.:%d"
            .formatted(service, mesh.controlPlaneNamespace(), settings.cluster().domain(), port));
    set(name + "_SVC_NAME", mesh.identity(account));
  }

  private void listeners() {
    Settings.Ports ports = proxy.ports();
    String any = settings.cluster().ipv6() ? "[::]:" : "0.0.0.0:";
    set("CONTROL_LISTEN_ADDR", any + ports.control());
    set("ADMIN_LISTEN_ADDR", any + ports.admin());
    set("OUTBOUND_LISTEN_ADDR", "127.0.0.1:" + ports.outbound());
    set(
        "OUTBOUND_LISTEN_ADDRS",
        "127.0.0.1:"
            + ports.outbound()
            + (settings.cluster().ipv6() ? ",[::1]:" + ports.outbound() : ""));
    set("INBOUND_LISTEN_ADDR", any + ports.inbound());
  }

  private void inbound() {
    Settings.Timeouts timeouts = proxy.timeouts();
    set("INBOUND_DEFAULT_POLICY", proxy.policy().defaultInbound());
    env.field(PREFIX + "INBOUND_IPS", "status.podIPs");
    set("INBOUND_PORTS", String.join(",", pod.inboundPorts()));
    setIfAny("INBOUND_PORTS_DISABLE_PROTOCOL_DETECTION", proxy.policy().opaquePorts());
    if (proxy.policy().gateway()) {
      set("INBOUND_GATEWAY_SUFFIXES", "svc." + settings.cluster().domain() + ".");
    }
    set("INBOUND_CONNECT_TIMEOUT", timeouts.inboundConnect());
    set("INBOUND_DISCOVERY_IDLE_TIMEOUT", timeouts.inboundDiscoveryIdle());
    if (timeouts.noInboundDetect()) {
      set("INBOUND_DETECT_TIMEOUT", NEVER);
    }
    set("INBOUND_ACCEPT_KEEPALIVE", KEEPALIVE);
    set("INBOUND_ACCEPT_USER_TIMEOUT", USER_TIMEOUT);
    http2("INBOUND", proxy.inboundHttp2());
  }

  private void outbound() {
    Settings.Timeouts timeouts = proxy.timeouts();
    if (proxy.policy().ingress()) {
      set("INGRESS_MODE", true);
    }
    set("OUTBOUND_CONNECT_TIMEOUT", timeouts.outboundConnect());
    set("OUTBOUND_DISCOVERY_IDLE_TIMEOUT", timeouts.outboundDiscoveryIdle());
    if (timeouts.noOutboundDetect()) {
      set("OUTBOUND_DETECT_TIMEOUT", NEVER);
    }
    set("OUTBOUND_CONNECT_KEEPALIVE", KEEPALIVE);
    set("OUTBOUND_CONNECT_USER_TIMEOUT", USER_TIMEOUT);
    set("OUTBOUND_METRICS_HOSTNAME_LABELS", proxy.policy().hostnameLabels());
    http2("OUTBOUND", proxy.outboundHttp2());
  }

  /** {@code keepAliveInterval: 10s} becomes {@code ..._SERVER_HTTP2_KEEP_ALIVE_INTERVAL}. */
  private void http2(String side, ObjectNode options) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    options.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
    sorted.forEach(
        (key, value) -> {
          String name = key.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
          setIfAny(side + "_SERVER_HTTP2_" + name, value.asText(""));
        });
  }

  private void identity() {
    set("IDENTITY_DIR", ProxyContainer.END_ENTITY_PATH);
    set("IDENTITY_TRUST_ANCHORS", mesh.trustAnchors().strip() + "\n");
    set(
        "IDENTITY_TOKEN_FILE",
        settings.tokenProjection()
            ? ProxyContainer.TOKEN_PATH + "/" + Names.TOKEN_VOLUME
            : Names.SERVICE_ACCOUNT_PATH + "/token");
    service("IDENTITY", "linkerd-identity-headless", 8080, "linkerd-identity");
    set("IDENTITY_LOCAL_NAME", "$(_pod_sa).$(_pod_ns)." + mesh.identitySuffix());
  }

  private void tracing() {
    Settings.Tracing tracing = proxy.tracing();
    if (!tracing.enabled()) {
      return;
    }
    require("proxy.tracing.collector.endpoint", tracing.collector());
    require("proxy.tracing.collector.meshIdentity.serviceAccountName", tracing.collectorAccount());
    require("proxy.tracing.collector.meshIdentity.namespace", tracing.collectorNamespace());
    set("TRACE_ATTRIBUTES_PATH", ProxyContainer.PODINFO_PATH + "/labels");
    set("TRACE_SERVICE_NAME", tracing.serviceName());
    set("TRACE_COLLECTOR_SVC_ADDR", tracing.collector());
    set(
        "TRACE_COLLECTOR_SVC_NAME",
        mesh.identity(tracing.collectorAccount(), tracing.collectorNamespace()));
    StringBuilder lines = new StringBuilder();
    attributes(tracing)
        .forEach((key, value) -> lines.append(key).append('=').append(value).append('\n'));
    set("TRACE_EXTRA_ATTRIBUTES", lines);
  }

  private static void require(String key, String value) {
    if (value.isEmpty()) {
      throw new RefusedException(
          "tracing refused; cause: value %s is not set; fix: set it, or proxy.tracing.enabled=false"
              .formatted(key));
    }
  }

  private Map<String, String> attributes(Settings.Tracing tracing) {
    Map<String, String> attributes = new TreeMap<>();
    if (tracing.labels().isEmpty()) {
      attributes.put("k8s.pod.ip", "$(_pod_ip)");
      attributes.put("k8s.pod.uid", "$(_pod_uid)");
      attributes.put("k8s.container.name", "$(_pod_containerName)");
    }
    attributes.putAll(PodView.texts(tracing.labels()));
    Map<String, String> labels = pod.labels();
    String name =
        labels.getOrDefault(
            "app.kubernetes.io/instance", labels.getOrDefault("app.kubernetes.io/name", ""));
    if (!name.isEmpty()) {
      attributes.put("service.name", name);
    }
    annotations.forEach(
        (key, value) -> {
          if (key.startsWith(Names.TRACE_ATTRIBUTE_PREFIX)) {
            String line = value.replace('\n', ' ');
            attributes.put(key.substring(Names.TRACE_ATTRIBUTE_PREFIX.length()), line);
          }
        });
    return attributes;
  }
}

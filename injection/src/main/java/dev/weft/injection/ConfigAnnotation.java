package dev.weft.injection;

import static dev.weft.injection.ConfigAnnotation.Form.CIDRS;
import static dev.weft.injection.ConfigAnnotation.Form.CPU;
import static dev.weft.injection.ConfigAnnotation.Form.ENV;
import static dev.weft.injection.ConfigAnnotation.Form.FLAG;
import static dev.weft.injection.ConfigAnnotation.Form.ID;
import static dev.weft.injection.ConfigAnnotation.Form.MILLIS;
import static dev.weft.injection.ConfigAnnotation.Form.NUMBER;
import static dev.weft.injection.ConfigAnnotation.Form.OPAQUE;
import static dev.weft.injection.ConfigAnnotation.Form.PORT;
import static dev.weft.injection.ConfigAnnotation.Form.PORTS;
import static dev.weft.injection.ConfigAnnotation.Form.QUANTITY;
import static dev.weft.injection.ConfigAnnotation.Form.RATIO;
import static dev.weft.injection.ConfigAnnotation.Form.SECONDS;
import static dev.weft.injection.ConfigAnnotation.Form.SECONDS_NUMBER;
import static dev.weft.injection.ConfigAnnotation.Form.SWITCH;
import static dev.weft.injection.ConfigAnnotation.Form.TEXT;
import static dev.weft.injection.ConfigAnnotation.Form.WORD;

import java.util.List;
import java.util.Optional;

/**
 * The annotations that override values, in the order in which they are looked at: a later one wins
 * where two set the same value. Each knows the value it overrides, so that the same table also
 * tells which annotation stands for a changed value.
 */
public enum ConfigAnnotation {
  /** Image of proxy and init container. */
  PROXY_IMAGE("proxy-image", true, TEXT, "proxy.image.name"),
  /** Its tag. */
  PROXY_VERSION("proxy-version", true, TEXT, "proxy.image.version"),
  /** When the image is pulled. */
  IMAGE_PULL_POLICY(
      "image-pull-policy", true, WORD, "proxy.image.pullPolicy", "Always", "IfNotPresent", "Never"),
  /** Port of the control (tap) server. */
  CONTROL_PORT("control-port", true, PORT, "proxy.ports.control"),
  /** Port of the admin server. */
  ADMIN_PORT("admin-port", true, PORT, "proxy.ports.admin"),
  /** Port of the inbound proxy. */
  INBOUND_PORT("inbound-port", true, PORT, "proxy.ports.inbound"),
  /** Port of the outbound proxy. */
  OUTBOUND_PORT("outbound-port", true, PORT, "proxy.ports.outbound"),
  /** Known, without effect: the list is computed from the pod. */
  POD_INBOUND_PORTS("pod-inbound-ports", true, TEXT, "proxy.podInboundPorts"),
  /** Ports which bypass the inbound proxy; replaces the default. */
  SKIP_INBOUND_PORTS("skip-inbound-ports", true, PORTS, "proxyInit.ignoreInboundPorts"),
  /** Ports which bypass the outbound proxy; replaces the default. */
  SKIP_OUTBOUND_PORTS("skip-outbound-ports", true, PORTS, "proxyInit.ignoreOutboundPorts"),
  /** Sources which bypass the inbound proxy. */
  SKIP_SUBNETS("skip-subnets", true, CIDRS, "proxyInit.skipSubnets"),
  /** Ports whose bytes are not looked into. */
  OPAQUE_PORTS("opaque-ports", true, OPAQUE, "proxy.opaquePorts"),
  /** User id of the proxy. */
  PROXY_UID("proxy-uid", true, ID, "proxy.uid"),
  /** Group id of the proxy. */
  PROXY_GID("proxy-gid", true, ID, "proxy.gid"),
  /** CPU request, and fewest workers. */
  CPU_REQUEST("proxy-cpu-request", true, CPU, "proxy.resources.cpu.request"),
  /** CPU limit, and most workers. */
  CPU_LIMIT("proxy-cpu-limit", true, CPU, "proxy.resources.cpu.limit"),
  /** Most workers, as a part of the node's CPUs. */
  CPU_RATIO_LIMIT("proxy-cpu-ratio-limit", false, RATIO, "proxy.runtime.workers.maximumCPURatio"),
  /** Memory request. */
  MEMORY_REQUEST("proxy-memory-request", true, QUANTITY, "proxy.resources.memory.request"),
  /** Memory limit. */
  MEMORY_LIMIT("proxy-memory-limit", true, QUANTITY, "proxy.resources.memory.limit"),
  /** Ephemeral storage request. */
  STORAGE_REQUEST(
      "proxy-ephemeral-storage-request",
      true,
      QUANTITY,
      "proxy.resources.ephemeral-storage.request"),
  /** Ephemeral storage limit. */
  STORAGE_LIMIT(
      "proxy-ephemeral-storage-limit", true, QUANTITY, "proxy.resources.ephemeral-storage.limit"),
  /** Log filter. */
  LOG_LEVEL("proxy-log-level", true, TEXT, "proxy.logLevel"),
  /** {@code plain} or {@code json}. */
  LOG_FORMAT("proxy-log-format", true, WORD, "proxy.logFormat", "plain", "json"),
  /** {@code off} or {@code insecure}. */
  LOG_HTTP_HEADERS("proxy-log-http-headers", true, TEXT, "proxy.logHTTPHeaders"),
  /** Whether the admin server can end the proxy. */
  ADMIN_SHUTDOWN("proxy-admin-shutdown", true, SWITCH, "proxy.enableShutdownEndpoint"),
  /** Whether names outside the cluster have profiles. */
  EXTERNAL_PROFILES("enable-external-profiles", true, FLAG, "proxy.enableExternalProfiles"),
  /** Ports which demand a mesh identity. */
  REQUIRE_IDENTITY(
      "proxy-require-identity-inbound-ports", true, TEXT, "proxy.requireIdentityOnInboundPorts"),
  /** Whether metrics have labels of host names. */
  HOSTNAME_LABELS("proxy-metrics-hostname-labels", true, FLAG, "proxy.metrics.hostnameLabels"),
  /** How long a connection outwards may take. */
  OUTBOUND_CONNECT("proxy-outbound-connect-timeout", true, MILLIS, "proxy.outboundConnectTimeout"),
  /** How long a connection to the application may take. */
  INBOUND_CONNECT("proxy-inbound-connect-timeout", true, MILLIS, "proxy.inboundConnectTimeout"),
  /** How long an unused outbound target is remembered. */
  OUTBOUND_IDLE(
      "proxy-outbound-discovery-cache-unused-timeout",
      true,
      SECONDS,
      "proxy.outboundDiscoveryCacheUnusedTimeout"),
  /** How long an unused inbound port is remembered. */
  INBOUND_IDLE(
      "proxy-inbound-discovery-cache-unused-timeout",
      true,
      SECONDS,
      "proxy.inboundDiscoveryCacheUnusedTimeout"),
  /** Whether outbound detection never times out. */
  OUTBOUND_DETECT(
      "proxy-disable-outbound-protocol-detect-timeout",
      true,
      FLAG,
      "proxy.disableOutboundProtocolDetectTimeout"),
  /** Whether inbound detection never times out. */
  INBOUND_DETECT(
      "proxy-disable-inbound-protocol-detect-timeout",
      true,
      FLAG,
      "proxy.disableInboundProtocolDetectTimeout"),
  /** The policy of ports without a Server. */
  DEFAULT_INBOUND_POLICY(
      "default-inbound-policy",
      true,
      WORD,
      "proxy.defaultInboundPolicy",
      "all-unauthenticated",
      "all-authenticated",
      "cluster-unauthenticated",
      "cluster-authenticated",
      "deny",
      "audit"),
  /** {@code apache} or {@code json}. */
  ACCESS_LOG("access-log", true, WORD, "proxy.accessLog", "apache", "json"),
  /** How long running requests may take at the end. */
  SHUTDOWN_GRACE("shutdown-grace-period", true, MILLIS, "proxy.shutdownGracePeriod"),
  /** Whether the application waits for the proxy. */
  AWAIT("proxy-await", true, SWITCH, "proxy.await"),
  /** How long the proxy waits before it ends. */
  WAIT_BEFORE_EXIT(
      "config.alpha.linkerd.io/proxy-wait-before-exit-seconds",
      true,
      NUMBER,
      "proxy.waitBeforeExitSeconds"),
  /** Oldest name of {@link #NATIVE_SIDECAR}. */
  NATIVE_SIDECAR_ALPHA(
      "config.alpha.linkerd.io/proxy-enable-native-sidecar", true, FLAG, "proxy.nativeSidecar"),
  /** Older name of {@link #NATIVE_SIDECAR}. */
  NATIVE_SIDECAR_BETA(
      "config.beta.linkerd.io/proxy-enable-native-sidecar", false, FLAG, "proxy.nativeSidecar"),
  /** Whether the proxy is a native sidecar: an init container that keeps running. */
  NATIVE_SIDECAR("proxy-enable-native-sidecar", true, FLAG, "proxy.nativeSidecar"),
  /** More environment variables. */
  ADDITIONAL_ENV("proxy-additional-env", true, ENV, "proxy.additionalEnv"),
  /** Whether a debug container is added. */
  DEBUG_SIDECAR("enable-debug-sidecar", true, FLAG, "debugContainer.enabled"),
  /** Its image. */
  DEBUG_IMAGE("debug-image", false, TEXT, "debugContainer.image.name"),
  /** The tag of its image. */
  DEBUG_IMAGE_VERSION("debug-image-version", false, TEXT, "debugContainer.image.version"),
  /** When its image is pulled. */
  DEBUG_IMAGE_PULL_POLICY(
      "debug-image-pull-policy",
      false,
      WORD,
      "debugContainer.image.pullPolicy",
      "Always",
      "IfNotPresent",
      "Never"),
  /** How long the kernel keeps half-closed connections. */
  CLOSE_WAIT_TIMEOUT("close-wait-timeout", false, SECONDS_NUMBER, "proxyInit.closeWaitTimeoutSecs"),
  /** Whether the pod is a gateway of other clusters. */
  GATEWAY("enable-gateway", false, FLAG, "proxy.isGateway");

  /** How a value is written. */
  enum Form {
    /** Any text. */
    TEXT("a text"),
    /** One of the words. */
    WORD("one of the words"),
    /** A port. */
    PORT("a port from 1 to 65535"),
    /** Ports and ranges. */
    PORTS("ports and ranges such as 25,1000-2000"),
    /** Ports, ranges and names of the pod's ports. */
    OPAQUE("ports, ranges and names of container ports, such as 25,1000-2000,db"),
    /** CIDR blocks. */
    CIDRS("CIDR blocks such as 10.0.0.0/8, separated by commas"),
    /** A user or group id. */
    ID("a number above 0"),
    /** A number from 0. */
    NUMBER("a whole number from 0"),
    /** True or false. */
    FLAG("true or false"),
    /** Enabled or disabled. */
    SWITCH("enabled or disabled"),
    /** A part of the whole. */
    RATIO("a number between 0 and 1, such as 0.5"),
    /** A resource quantity that also sets the number of workers. */
    CPU("a quantity such as 100m or 1.5"),
    /** A resource quantity. */
    QUANTITY("a quantity such as 20Mi"),
    /** A duration, rendered in milliseconds. */
    MILLIS("a duration such as 1500ms or 2m"),
    /** A duration, rendered in seconds. */
    SECONDS("a duration such as 90s"),
    /** A duration, rendered as a number of seconds. */
    SECONDS_NUMBER("a duration such as 60s"),
    /** A list of environment variables. */
    ENV("a JSON list such as [{\"name\": \"KEY\", \"value\": \"text\"}]");

    private final String example;

    Form(String example) {
      this.example = example;
    }
  }

  private final String key;
  private final boolean inherited;
  private final Form form;
  private final String path;
  private final List<String> words;

  ConfigAnnotation(String name, boolean inherited, Form form, String path, String... words) {
    this.key = name.indexOf('/') < 0 ? Names.CONFIG_PREFIX + name : name;
    this.inherited = inherited;
    this.form = form;
    this.path = path;
    this.words = List.of(words);
  }

  /** The whole name of the annotation. */
  public String key() {
    return key;
  }

  /** Whether a pod without it inherits that of its namespace. */
  public boolean inherited() {
    return inherited;
  }

  /** Where the value lies among the {@link Values}: keys from the root, separated by dots. */
  public String valuePath() {
    return path;
  }

  /** How the value is to be written, for people. */
  public String expected() {
    return form == WORD ? "one of " + String.join(", ", words) : form.example;
  }

  Form form() {
    return form;
  }

  List<String> words() {
    return words;
  }

  /** The annotation of this whole name. */
  public static Optional<ConfigAnnotation> of(String key) {
    for (ConfigAnnotation candidate : values()) {
      if (candidate.key.equals(key)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}

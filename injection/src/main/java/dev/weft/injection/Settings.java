package dev.weft.injection;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The values which decide what is injected, typed. The components have the names and meanings of
 * the values they come from; texts are empty where a value is not set, numbers -1.
 */
record Settings(
    Cluster cluster,
    Proxy proxy,
    ProxyInit proxyInit,
    Validator networkValidator,
    Image debugImage,
    boolean debugSidecar,
    boolean tokenProjection) {

  record Cluster(String domain, String trustDomain, String networks, boolean ipv6, boolean cni) {}

  /** An image with its tag. */
  record Image(String name, String version, String pullPolicy) {
    String reference() {
      return name + ":" + version;
    }
  }

  record Proxy(
      Image image,
      Ports ports,
      int uid,
      int gid,
      Workers workers,
      ObjectNode resources,
      ObjectNode securityContext,
      Log log,
      Lifecycle lifecycle,
      Probes probes,
      Timeouts timeouts,
      Policy policy,
      ObjectNode inboundHttp2,
      ObjectNode outboundHttp2,
      Tracing tracing,
      ArrayNode additionalEnv,
      ArrayNode experimentalEnv) {}

  record Ports(int admin, int control, int inbound, int outbound) {}

  record Workers(String minimum, String maximum, String maximumRatio) {}

  record Log(String level, String format, String httpHeaders, String access) {}

  record Lifecycle(
      boolean await,
      boolean nativeSidecar,
      int waitBeforeExitSeconds,
      String shutdownGracePeriod,
      boolean shutdownEndpoint) {}

  record Probes(
      int liveDelaySeconds,
      int liveTimeoutSeconds,
      int readyDelaySeconds,
      int readyTimeoutSeconds,
      int startDelaySeconds,
      int startPeriodSeconds,
      int startFailures) {}

  record Timeouts(
      String inboundConnect,
      String outboundConnect,
      String inboundDiscoveryIdle,
      String outboundDiscoveryIdle,
      boolean noInboundDetect,
      boolean noOutboundDetect,
      String streamInitial,
      String streamIdle,
      String streamLifetime) {}

  record Policy(
      String defaultInbound,
      String opaquePorts,
      String requireIdentityPorts,
      String requireTlsPorts,
      boolean externalProfiles,
      boolean ingress,
      boolean gateway,
      boolean hostnameLabels) {}

  record Tracing(
      boolean enabled,
      String serviceName,
      String collector,
      String collectorAccount,
      String collectorNamespace,
      ObjectNode labels) {}

  record ProxyInit(
      String iptablesMode,
      String ignoreInboundPorts,
      String ignoreOutboundPorts,
      String skipSubnets,
      int closeWaitSeconds,
      String logFormat,
      String logLevel,
      boolean privileged,
      boolean runAsRoot,
      int runAsUser,
      int runAsGroup,
      String xtMountPath) {}

  record Validator(
      String logLevel,
      String logFormat,
      String connectAddr,
      String listenAddr,
      String timeout,
      ObjectNode securityContext,
      boolean enableSecurityContext) {}
}

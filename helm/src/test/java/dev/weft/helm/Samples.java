package dev.weft.helm;

import java.util.List;

/** Values with which the chart renders; the certificates are not real. */
final class Samples {
  static final String ANCHORS = "identityTrustAnchorsPEM: |\n  anchors\n";
  static final String ISSUER = "identity: {issuer: {tls: {crtPEM: certificate, keyPEM: key}}}\n";

  /** Just enough. */
  static final Rendering DEFAULT = Rendering.of("linkerd").withValues(ANCHORS).withValues(ISSUER);

  static final Rendering HIGHLY_AVAILABLE = DEFAULT.withValues(Charts.highAvailability());

  static final Rendering CNI = DEFAULT.withSet("cniEnabled", "true");

  static final Rendering CLASSIC_SIDECARS =
      DEFAULT.withSet("proxy.nativeSidecar", "false").withSet("disableIPv6", "false");

  /** Everything is kept by cert-manager and trust-manager. */
  static final Rendering CERT_MANAGER =
      Rendering.of("linkerd")
          .withValues("identity: {externalCA: true, issuer: {scheme: kubernetes.io/tls}}")
          .withValues(
              "proxyInjector: {externalSecret: true, injectCaFrom: linkerd/injector}\n"
                  + "policyValidator: {externalSecret: true, injectCaFromSecret: a/b}\n"
                  + "profileValidator: {externalSecret: true, caBundle: authority}");

  static final Rendering OWN_CERTIFICATES =
      DEFAULT.withValues("proxyInjector: {crtPEM: cert, keyPEM: secret-key, caBundle: authority}");

  static final Rendering NO_VALIDATORS =
      DEFAULT
          .withSet("policyValidator.enabled", "false")
          .withSet("profileValidator.enabled", "false");

  static final Rendering EVERY_SWITCH =
      HIGHLY_AVAILABLE
          .withSet("cliVersion", "0.1.0")
          .withSet("networkPolicy.enabled", "true")
          .withValues(
              """
              configReaders: [{kind: User, name: jo, apiGroup: rbac.authorization.k8s.io}]
              imagePullSecrets: [{name: registry}]
              tolerations: [{key: infra, operator: Exists}]
              topologySpreadConstraints: []
              podAnnotations: {a/b: c}
              podLabels: {team: mesh}
              commonLabels: {owner: platform}
              priorityClassName: system-cluster-critical
              proxy:
                accessLog: json
                shutdownGracePeriod: 30s
                additionalEnv: [{name: A, value: b}]
                tracing:
                  enabled: true
                  collector:
                    endpoint: collector.tracing:4317
                    meshIdentity: {serviceAccountName: collector, namespace: tracing}
              """);

  private Samples() {}

  /** All of them, for what must hold always. */
  static List<Rendering> all() {
    return List.of(
        DEFAULT,
        HIGHLY_AVAILABLE,
        CNI,
        CLASSIC_SIDECARS,
        CERT_MANAGER,
        OWN_CERTIFICATES,
        NO_VALIDATORS,
        EVERY_SWITCH);
  }
}

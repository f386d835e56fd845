package dev.weft.policyservice;

/** Manifests of namespace {@code shop}. */
final class Manifests {
  static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web-1
        namespace: shop
        labels: {app: web, linkerd.io/control-plane-ns: linkerd}
      spec:
        containers:
        - name: app
          ports: [{name: http, containerPort: 8080}]
          livenessProbe: {httpGet: {path: /live, port: http}}
      """;

  static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: api, namespace: shop}
      spec:
        clusterIP: 10.96.0.10
        clusterIPs: [10.96.0.10]
        ports: [{name: http, port: 80, targetPort: 8080}]
      """;

  private Manifests() {}

  static String server(String protocol) {
    return """
    apiVersion: policy.linkerd.io/v1beta3
    kind: Server
    metadata: {name: web-http, namespace: shop}
    spec:
      podSelector: {matchLabels: {app: web}}
      port: http
      proxyProtocol: %s
    """
        .formatted(protocol);
  }

  static String authorization(String identity) {
    return """
    apiVersion: policy.linkerd.io/v1alpha1
    kind: AuthorizationPolicy
    metadata: {name: callers, namespace: shop}
    spec:
      targetRef: {group: policy.linkerd.io, kind: Server, name: web-http}
      requiredAuthenticationRefs:
      - {group: policy.linkerd.io, kind: MeshTLSAuthentication, name: callers}
    ---
    apiVersion: policy.linkerd.io/v1alpha1
    kind: MeshTLSAuthentication
    metadata: {name: callers, namespace: shop}
    spec:
      identities: ["%s"]
    """
        .formatted(identity);
  }
}

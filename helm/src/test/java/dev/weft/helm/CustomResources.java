package dev.weft.helm;

import java.util.List;
import java.util.Map;

/** Custom resources which the schemas of the definitions accept and refuse; names are added. */
final class CustomResources {
  private CustomResources() {}

  static List<String> accepted() {
    return List.of(
        """
        apiVersion: policy.linkerd.io/v1beta3
        kind: Server
        spec: {podSelector: {}, port: http, accessPolicy: audit, proxyProtocol: HTTP/2}
        """,
        """
        apiVersion: policy.linkerd.io/v1alpha1
        kind: Server
        spec: {podSelector: {matchLabels: {app: web}}, port: 80}
        """,
        """
        apiVersion: policy.linkerd.io/v1beta1
        kind: ServerAuthorization
        spec:
          server: {name: web}
          client: {meshTLS: {identities: ["*"], serviceAccounts: [{name: a}]}}
        """,
        """
        apiVersion: policy.linkerd.io/v1beta3
        kind: HTTPRoute
        spec:
          parentRefs: [{group: policy.linkerd.io, kind: Server, name: web}]
          rules:
            - matches: [{path: {value: /a}, headers: [{name: x-b, value: c}], method: GET}]
              filters: [{type: RequestRedirect, requestRedirect: {hostname: b.c}}]
              backendRefs: [{name: b, port: 80}]
              timeouts: {request: 1m30s}
        """,
        """
        apiVersion: policy.linkerd.io/v1alpha1
        kind: HTTPLocalRateLimitPolicy
        spec:
          targetRef: {group: policy.linkerd.io, kind: Server, name: web}
          total: {requestsPerSecond: 100}
          overrides: [{requestsPerSecond: 5, clientRefs: [{kind: ServiceAccount, name: a}]}]
        """,
        """
        apiVersion: policy.linkerd.io/v1alpha1
        kind: EgressNetwork
        spec: {trafficPolicy: Deny, networks: [{cidr: 1.2.3.0/24, except: [1.2.3.4]}]}
        """,
        """
        apiVersion: policy.linkerd.io/v1alpha1
        kind: MeshTLSAuthentication
        spec: {identityRefs: [{kind: ServiceAccount, name: a, namespace: b}]}
        """,
        """
        apiVersion: workload.linkerd.io/v1beta1
        kind: ExternalWorkload
        spec:
          meshTLS: {identity: "spiffe://a/b", serverName: b.a}
          workloadIPs: [{ip: 1.2.3.4}, {ip: "fd00::1"}]
          ports: [{port: 80, name: http}]
        """,
        """
        apiVersion: linkerd.io/v1alpha2
        kind: ServiceProfile
        spec:
          routes:
            - name: a
              condition: {all: [{method: GET}, {not: {pathRegex: /b}}]}
              responseClasses: [{condition: {status: {min: 500}}, isFailure: true}]
          retryBudget: {minRetriesPerSecond: 10, retryRatio: 0.2, ttl: 10s}
          dstOverrides: [{authority: a.b.svc.cluster.local, weight: 500m}]
        """);
  }

  /** Object → what the refusal says. */
  static Map<String, String> refused() {
    return Map.of(
        """
        apiVersion: policy.linkerd.io/v1beta3
        kind: Server
        spec: {port: 80}
        """,
        "podSelector",
        """
        apiVersion: policy.linkerd.io/v1beta3
        kind: Server
        spec: {port: 80, podSelector: {}, externalWorkloadSelector: {}}
        """,
        "must validate one and only one schema",
        """
        apiVersion: policy.linkerd.io/v1beta3
        kind: HTTPRoute
        spec: {parentRefs: [{name: web}], rules: [{filters: [{type: URLRewrite}]}]}
        """,
        "Unsupported value: \"URLRewrite\"",
        """
        apiVersion: policy.linkerd.io/v1beta2
        kind: HTTPRoute
        spec: {parentRefs: [{name: web}], rules: [{timeouts: {request: 1s}}]}
        """,
        ".spec.rules[0].timeouts: field not declared in schema",
        """
        apiVersion: policy.linkerd.io/v1alpha1
        kind: EgressNetwork
        spec: {trafficPolicy: Maybe}
        """,
        "Unsupported value: \"Maybe\"",
        """
        apiVersion: policy.linkerd.io/v1alpha1
        kind: MeshTLSAuthentication
        spec: {identities: []}
        """,
        "should have at least 1 items",
        """
        apiVersion: workload.linkerd.io/v1alpha1
        kind: ExternalWorkload
        spec: {meshTls: {identity: a, serverName: b}, workloadIPs: [{ip: 1.1.1.1}, {ip: 2.2.2.2}]}
        """,
        "must have at most 1 item",
        """
        apiVersion: linkerd.io/v1alpha1
        kind: ServiceProfile
        spec: {opaquePorts: ["80"]}
        """,
        "routes");
  }
}

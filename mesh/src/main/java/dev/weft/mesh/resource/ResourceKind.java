package dev.weft.mesh.resource;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of objects Weft reads. */
public enum ResourceKind {
  /** A pod. */
  POD("", "Pod", "pods", true, "v1"),
  /** A Service. */
  SERVICE("", "Service", "services", true, "v1"),
  /** Endpoints of a Service. */
  ENDPOINT_SLICE("discovery.k8s.io", "EndpointSlice", "endpointslices", true, "v1"),
  /** A node, for its zone. */
  NODE("", "Node", "nodes", false, "v1"),
  /** A namespace, for its labels and annotations. */
  NAMESPACE("", "Namespace", "namespaces", false, "v1"),
  /** A replica set, for its owner. */
  REPLICA_SET("apps", "ReplicaSet", "replicasets", true, "v1"),
  /** A job, for its owner. */
  JOB("batch", "Job", "jobs", true, "v1"),
  /** Routes and retry budget of a Service, by its DNS name. */
  SERVICE_PROFILE("linkerd.io", "ServiceProfile", "serviceprofiles", true, "v1alpha2", "v1alpha1"),
  /** A port of some workloads. */
  SERVER(
      "policy.linkerd.io", "Server", "servers", true, "v1beta3", "v1beta2", "v1beta1", "v1alpha1"),
  /** Who may use a Server, the older form. */
  SERVER_AUTHORIZATION(
      "policy.linkerd.io",
      "ServerAuthorization",
      "serverauthorizations",
      true,
      "v1beta1",
      "v1alpha1"),
  /** Who may use a Server, a namespace or a route. */
  AUTHORIZATION_POLICY(
      "policy.linkerd.io", "AuthorizationPolicy", "authorizationpolicies", true, "v1alpha1"),
  /** A set of mesh identities. */
  MESH_TLS_AUTHENTICATION(
      "policy.linkerd.io", "MeshTLSAuthentication", "meshtlsauthentications", true, "v1alpha1"),
  /** A set of networks. */
  NETWORK_AUTHENTICATION(
      "policy.linkerd.io", "NetworkAuthentication", "networkauthentications", true, "v1alpha1"),
  /** An HTTP route, in the mesh's own group. */
  POLICY_HTTP_ROUTE(
      "policy.linkerd.io",
      "HTTPRoute",
      "httproutes",
      true,
      "v1beta3",
      "v1beta2",
      "v1beta1",
      "v1alpha1"),
  /** An HTTP route of the Gateway API. */
  HTTP_ROUTE("gateway.networking.k8s.io", "HTTPRoute", "httproutes", true, "v1", "v1beta1"),
  /** A gRPC route of the Gateway API. */
  GRPC_ROUTE("gateway.networking.k8s.io", "GRPCRoute", "grpcroutes", true, "v1", "v1alpha2"),
  /** A TLS route of the Gateway API; the oldest version first, as the contract reads it. */
  TLS_ROUTE(
      "gateway.networking.k8s.io", "TLSRoute", "tlsroutes", true, "v1alpha2", "v1alpha3", "v1"),
  /** A TCP route of the Gateway API. */
  TCP_ROUTE("gateway.networking.k8s.io", "TCPRoute", "tcproutes", true, "v1alpha2"),
  /** A rate limit of a Server, judged by each proxy alone. */
  HTTP_LOCAL_RATE_LIMIT_POLICY(
      "policy.linkerd.io",
      "HTTPLocalRateLimitPolicy",
      "httplocalratelimitpolicies",
      true,
      "v1alpha1"),
  /** Destinations outside the cluster. */
  EGRESS_NETWORK("policy.linkerd.io", "EgressNetwork", "egressnetworks", true, "v1alpha1"),
  /** A workload outside the cluster. */
  EXTERNAL_WORKLOAD(
      "workload.linkerd.io", "ExternalWorkload", "externalworkloads", true, "v1beta1", "v1alpha1");

  private final String group;
  private final String kind;
  private final String plural;
  private final boolean namespaced;
  private final List<String> versions;

  ResourceKind(String group, String kind, String plural, boolean namespaced, String... versions) {
    this.group = group;
    this.kind = kind;
    this.plural = plural;
    this.namespaced = namespaced;
    this.versions = List.of(versions);
  }

  /** The API group; empty for the core group. */
  public String group() {
    return group;
  }

  /** The kind as manifests spell it. */
  public String kind() {
    return kind;
  }

  /** The plural of URLs, lower case. */
  public String plural() {
    return plural;
  }

  /** Whether objects of the kind live in namespaces. */
  public boolean namespaced() {
    return namespaced;
  }

  /** The versions Weft can read; the preferred first. */
  public List<String> versions() {
    return versions;
  }

  /** {@code group/version}, or the version alone for the core group. */
  public String apiVersion(String version) {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** {@code Kind} or {@code Kind.group}; unlike the kind alone, unique. */
  public String qualifiedName() {
    return group.isEmpty() ? kind : kind + "." + group;
  }

  /**
   * The kind of this group and kind name in whatever version; empty if Weft does not read it.
   * Case-sensitive, as manifests are.
   */
  public static Optional<ResourceKind> of(String group, String kind) {
    for (ResourceKind candidate : values()) {
      if (candidate.kind.equals(kind) && candidate.group.equals(group)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** The name for metric labels and log fields, lower case, unique: {@code servers} and so on. */
  public String metricName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

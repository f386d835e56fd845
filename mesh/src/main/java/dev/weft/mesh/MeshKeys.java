package dev.weft.mesh;

/** The labels, annotations and names of the public contract that Weft reads. */
public final class MeshKeys {
  /** Label of a meshed pod: the namespace of its control plane. */
  public static final String CONTROL_PLANE_NS = "linkerd.io/control-plane-ns";

  /** Label of a pod: the hash of its template. */
  public static final String POD_TEMPLATE_HASH = "pod-template-hash";

  /** Label of a node or ExternalWorkload: its zone. */
  public static final String ZONE = "topology.kubernetes.io/zone";

  /** Label of an EndpointSlice: the Service it belongs to. */
  public static final String SERVICE_NAME = "kubernetes.io/service-name";

  /** Annotation: ports whose bytes are not looked into. */
  public static final String OPAQUE_PORTS = "config.linkerd.io/opaque-ports";

  /** Annotation: ports which bypass the inbound proxy. */
  public static final String SKIP_INBOUND_PORTS = "config.linkerd.io/skip-inbound-ports";

  /** Annotation: the policy of ports without a Server. */
  public static final String DEFAULT_INBOUND_POLICY = "config.linkerd.io/default-inbound-policy";

  /** Annotation: ports which demand a mesh identity. */
  public static final String REQUIRE_IDENTITY_PORTS =
      "config.linkerd.io/proxy-require-identity-inbound-ports";

  /** Annotation of slices: identity of the gateway that stands for a remote Service. */
  public static final String REMOTE_GATEWAY_IDENTITY = "mirror.linkerd.io/remote-gateway-identity";

  /** Annotation of slices: the remote Service's full name. */
  public static final String REMOTE_SERVICE_FQ_NAME = "mirror.linkerd.io/remote-svc-fq-name";

  /** Label of mirrored objects: the remote cluster. */
  public static final String MIRROR_CLUSTER_NAME = "mirror.linkerd.io/cluster-name";

  /** The container that holds the proxy. */
  public static final String PROXY_CONTAINER = "linkerd-proxy";

  /** Name of an ExternalWorkload's port that leads to its proxy. */
  public static final String PROXY_PORT_NAME = "linkerd-proxy";

  /** Where the outbound proxy listens unless configured otherwise. */
  public static final int OUTBOUND_PORT = 4140;

  /** Where the inbound proxy listens unless configured otherwise. */
  public static final int INBOUND_PORT = 4143;

  /** Where the proxy's control and tap server listens unless configured otherwise. */
  public static final int CONTROL_PORT = 4190;

  /** Where the proxy's admin server listens unless configured otherwise. */
  public static final int ADMIN_PORT = 4191;

  /** The controller name under which Weft writes and reads route status. */
  public static final String POLICY_CONTROLLER = "linkerd.io/policy-controller";

  private MeshKeys() {}
}

package dev.weft.injection;

/** Names of the public contract which injection writes or looks for. */
public final class Names {
  /** Annotation of pods and namespaces: whether to inject. */
  public static final String INJECT = "linkerd.io/inject";

  /** Value of {@link #INJECT}: inject. */
  public static final String ENABLED = "enabled";

  /** Value of {@link #INJECT}: inject, in ingress mode. */
  public static final String INGRESS = "ingress";

  /** Value of {@link #INJECT}: do not. */
  public static final String DISABLED = "disabled";

  /** Prefix of the stable configuration annotations. */
  public static final String CONFIG_PREFIX = "config.linkerd.io/";

  /** Annotation: ports whose bytes are not looked into. */
  public static final String OPAQUE_PORTS = CONFIG_PREFIX + "opaque-ports";

  /** Annotation: more environment variables of the proxy, a JSON list. */
  public static final String ADDITIONAL_ENV = CONFIG_PREFIX + "proxy-additional-env";

  /** Prefix of annotations that become attributes of traces. */
  public static final String TRACE_ATTRIBUTE_PREFIX = "resource.opentelemetry.io/";

  /** Annotation: what wrote the proxy into the pod. */
  public static final String CREATED_BY = "linkerd.io/created-by";

  /** Annotation: the version of the proxy. */
  public static final String PROXY_VERSION = "linkerd.io/proxy-version";

  /** Annotation: digest of the trust anchors which the proxy was given. */
  public static final String TRUST_ROOT_SHA256 = "linkerd.io/trust-root-sha256";

  /** Label: the namespace of the pod's control plane. */
  public static final String CONTROL_PLANE_NS = "linkerd.io/control-plane-ns";

  /** Label: the namespace of the pod. */
  public static final String WORKLOAD_NS = "linkerd.io/workload-ns";

  /** Label of the mesh's own components. */
  public static final String CONTROL_PLANE_COMPONENT = "linkerd.io/control-plane-component";

  /** The proxy's container. */
  public static final String PROXY_CONTAINER = "linkerd-proxy";

  /** The init container that redirects traffic. */
  public static final String INIT_CONTAINER = "linkerd-init";

  /** The init container that checks the redirection of a CNI plugin. */
  public static final String VALIDATOR_CONTAINER = "linkerd-network-validator";

  /** The debug container. */
  public static final String DEBUG_CONTAINER = "linkerd-debug";

  static final String XTABLES_VOLUME = "linkerd-proxy-init-xtables-lock";
  static final String END_ENTITY_VOLUME = "linkerd-identity-end-entity";
  static final String TOKEN_VOLUME = "linkerd-identity-token";
  static final String PODINFO_VOLUME = "linkerd-podinfo";

  /** Where Kubernetes mounts the default service account token. */
  static final String SERVICE_ACCOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

  private Names() {}
}

package dev.weft.injection;

/** Why a pod is left as it is. */
public enum SkipReason {
  /** The pod shares the network of its node, whose traffic is not to be taken. */
  HOST_NETWORK("host_network_enabled", "the pod shares the network of its node (hostNetwork)"),
  /** A mesh is there already. */
  SIDECAR_EXISTS("sidecar_already_exists", "the pod has the sidecar of a mesh already"),
  /** There is nothing to inject into. */
  UNSUPPORTED("unsupported_resource", "this kind has no pod to inject into"),
  /** The namespace's annotation has an unknown value. */
  INVALID_AT_NAMESPACE(
      "invalid_inject_annotation_at_ns",
      "the namespace's annotation linkerd.io/inject is none of enabled, ingress, disabled"),
  /** The pod's annotation has an unknown value. */
  INVALID_AT_WORKLOAD(
      "invalid_inject_annotation_at_workload",
      "the pod's annotation linkerd.io/inject is none of enabled, ingress, disabled"),
  /** The pod opts out. */
  DISABLED(
      "injection_disable_annotation_present",
      "the pod opts out by the annotation linkerd.io/inject: disabled"),
  /** Nobody opted in. */
  NOT_ENABLED(
      "injection_enable_annotation_absent",
      "neither the pod nor its namespace has the annotation linkerd.io/inject: enabled"),
  /** The proxy could not prove who the pod is. */
  NO_TOKEN(
      "disabled_automount_service_account_token_account",
      "the pod mounts no service account token (automountServiceAccountToken), which the proxy needs while"
          + " identity.serviceAccountTokenProjection is false");

  private final String key;
  private final String text;

  SkipReason(String key, String text) {
    this.key = key;
    this.text = text;
  }

  /** The value of metric labels. */
  public String key() {
    return key;
  }

  /** The reason for people. */
  public String text() {
    return text;
  }
}

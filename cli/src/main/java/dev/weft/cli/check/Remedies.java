package dev.weft.cli.check;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What to do when a check fails, by the check's id. {@code docs/checks.md} tells the same at length
 * under a heading of that id.
 */
final class Remedies {
  private static final Map<String, String> TEXTS = new LinkedHashMap<>();

  static {
    put(
        "k8s-api",
        "name a cluster with --kubeconfig and --context, and see that `kubectl version` reaches it");
    put("k8s-version", "upgrade the cluster");
    put("gateway-api-crd", "install version 1.1 or newer of the Gateway API's standard bundle");
    put(
        "pre-ns",
        "remove it with `weft uninstall | kubectl delete -f -`, use `weft upgrade`, or choose another with -L");
    put("pre-k8s-cluster-k8s", "ask for the role cluster-admin, or mend what the server refuses");
    put("pre-k8s", "ask the cluster's administrator for this permission");
    put(
        "pre-k8s-clock-skew",
        "synchronise the clocks of nodes and of this machine (NTP); certificates need it");
    put("l5d-existence-crd", "run `weft install --crds | kubectl apply -f -`");
    put(
        "l5d-existence-linkerd-config",
        "run `weft install | kubectl apply -f -`, or name the namespace with -L");
    put(
        "l5d-existence-replicasets",
        "look at `kubectl -n linkerd describe rs`; quotas and pod security are the usual causes");
    put(
        "l5d-existence-unschedulable-pods",
        "give the cluster more room, or remove the taints and selectors in the way");
    put(
        "l5d-api-control-ready",
        "look at `kubectl -n linkerd describe pods` and `kubectl -n linkerd logs`");
    put(
        "weft-control-plane-sight",
        "mend the roles with `weft upgrade | kubectl apply -f -`, or the way to the API server; what was seen before stays in use meanwhile");
    put(
        "l5d-cluster-networks-cidr",
        "set value clusterNetworks with `weft upgrade --set` to networks that contain all of these");
    put(
        "l5d-cluster-networks-pods",
        "set value clusterNetworks with `weft upgrade --set` to networks that contain all of these");
    put(
        "l5d-existence-ns",
        "run `weft install | kubectl apply -f -`, or name the namespace with -L");
    put("l5d-existence-cr", "run `weft upgrade | kubectl apply -f -`, which creates them again");
    put("l5d-existence-crb", "run `weft upgrade | kubectl apply -f -`, which creates them again");
    put("l5d-existence-sa", "run `weft upgrade | kubectl apply -f -`, which creates them again");
    put("l5d-existence-mwc", "run `weft upgrade | kubectl apply -f -`, which creates it again");
    put("l5d-existence-vwc", "run `weft upgrade | kubectl apply -f -`, which creates it again");
    put(
        "l5d-proxy-init-run-as-root",
        "run `weft upgrade --set proxyInit.runAsRoot=true | kubectl apply -f -`");
    put("cni-plugin-cm-exists", "install the CNI plugin, or set value cniEnabled to false");
    put("cni-plugin-cr-exists", "install the CNI plugin, or set value cniEnabled to false");
    put("cni-plugin-crb-exists", "install the CNI plugin, or set value cniEnabled to false");
    put("cni-plugin-sa-exists", "install the CNI plugin, or set value cniEnabled to false");
    put("cni-plugin-ds-exists", "install the CNI plugin, or set value cniEnabled to false");
    put("cni-plugin-ready", "look at `kubectl -n linkerd-cni describe pods`");
    put(
        "l5d-identity-cert-config-valid",
        "mend the ConfigMap or Secret it names, or run `weft upgrade` with all three --identity-*-file flags");
    put("l5d-identity-trustAnchors-use-supported-crypto", "use a trust anchor on ECDSA P-256");
    put(
        "l5d-identity-trustAnchors-are-time-valid",
        "rotate the trust anchors (docs/production.md)");
    put(
        "l5d-identity-trustAnchors-not-expiring-soon",
        "rotate the trust anchors (docs/production.md)");
    put("l5d-identity-issuer-cert-uses-supported-crypto", "use an issuer on ECDSA P-256");
    put(
        "l5d-identity-issuer-cert-is-time-valid",
        "put a new issuer in Secret linkerd-identity-issuer; no restart is needed");
    put(
        "l5d-identity-issuer-cert-not-expiring-soon",
        "put a new issuer in Secret linkerd-identity-issuer; no restart is needed");
    put(
        "l5d-identity-issuer-cert-issued-by-trust-anchor",
        "use an issuer signed by a trust anchor, or add its root to the anchors");
    put(
        "l5d-proxy-injector-webhook-cert-valid",
        "delete Secret linkerd-proxy-injector-k8s-tls and restart linkerd-proxy-injector, which makes a new one");
    put(
        "l5d-proxy-injector-webhook-cert-not-expiring-soon",
        "renew the Secret, or restart linkerd-proxy-injector, which renews its own");
    put(
        "l5d-sp-validator-webhook-cert-valid",
        "delete Secret linkerd-sp-validator-k8s-tls and restart linkerd-destination, which makes a new one");
    put(
        "l5d-sp-validator-webhook-cert-not-expiring-soon",
        "renew the Secret, or restart linkerd-destination, which renews its own");
    put(
        "l5d-policy-validator-webhook-cert-valid",
        "delete Secret linkerd-policy-validator-k8s-tls and restart linkerd-policy, which makes a new one");
    put(
        "l5d-policy-validator-webhook-cert-not-expiring-soon",
        "renew the Secret, or restart linkerd-policy, which renews its own");
    put(
        "l5d-identity-data-plane-proxies-certs-match-ca",
        "restart these workloads with `kubectl rollout restart`");
    put("l5d-version-latest", "give --expected-version");
    put("l5d-version-cli", "install the newest command line");
    put(
        "l5d-version-control",
        "run `weft upgrade | kubectl apply -f -` with the command line of the wanted version");
    put("l5d-cp-proxy-healthy", "look at `kubectl -n linkerd logs POD -c linkerd-proxy`");
    put("l5d-cp-proxy-version", "run `weft upgrade | kubectl apply -f -`");
    put("l5d-cp-proxy-cli-version", "run `weft upgrade | kubectl apply -f -`");
    put("l5d-data-plane-exists", "name an existing namespace with -n");
    put(
        "l5d-data-plane-ready",
        "inject workloads with `weft inject`, and look at `kubectl logs POD -c linkerd-proxy`");
    put(
        "l5d-data-plane-version",
        "restart these workloads with `kubectl rollout restart` after an upgrade");
    put(
        "l5d-data-plane-cli-version",
        "restart these workloads with `kubectl rollout restart` after an upgrade");
    put("l5d-data-plane-pod-labels", "move these labels to the annotations of the pod template");
    put("l5d-data-plane-services-labels", "move these labels to the annotations of the Service");
    put("l5d-data-plane-services-annotations", "move this annotation to the labels of the Service");
    put(
        "linkerd-opaque-ports-definition",
        "annotate both sides alike, or the namespace, with config.linkerd.io/opaque-ports");
    put(
        "l5d-control-plane-replicas",
        "look at `kubectl -n linkerd get deploy`; the cluster may lack nodes for the replicas");
    put("l5d-extension-namespaces", "take the label from all but one of these namespaces");
  }

  private Remedies() {}

  private static void put(String id, String text) {
    TEXTS.put(id, text);
  }

  /** Id → what to do, in the order of the checks. */
  static Map<String, String> all() {
    return Collections.unmodifiableMap(TEXTS);
  }

  /** What to do, and where to read more. */
  static String hint(String id) {
    return TEXTS.getOrDefault(id, "read on")
        + " (docs/checks.md#"
        + id.toLowerCase(Locale.ROOT)
        + ")";
  }
}

package dev.weft.cli.install;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.ObjectKind;
import dev.weft.injection.Yaml;
import java.util.ArrayList;
import java.util.List;

/**
 * Objects in a cluster which carry the label of a control plane.
 *
 * <p>Source: facts/cli-and-checks.md 1.5, 1.6.
 */
final class OwnedObjects {
  private static final String POLICY = "policy.linkerd.io";

  /** The kinds that are searched for what is not rendered any more. */
  static final List<ObjectKind> PRUNED =
      List.of(
          ObjectKind.CONFIG_MAP,
          ObjectKind.CRON_JOB,
          ObjectKind.DAEMON_SET,
          ObjectKind.DEPLOYMENT,
          ObjectKind.JOB,
          ObjectKind.in(POLICY, "v1alpha1", "meshtlsauthentications", "MeshTLSAuthentication"),
          ObjectKind.in(POLICY, "v1alpha1", "networkauthentications", "NetworkAuthentication"),
          ObjectKind.REPLICATION_CONTROLLER,
          ObjectKind.SECRET,
          ObjectKind.SERVICE,
          ObjectKind.in("linkerd.io", "v1alpha2", "serviceprofiles", "ServiceProfile"),
          ObjectKind.STATEFUL_SET,
          ObjectKind.ROLE,
          ObjectKind.ROLE_BINDING,
          ObjectKind.SERVICE_ACCOUNT,
          ObjectKind.POD_DISRUPTION_BUDGET,
          ObjectKind.NETWORK_POLICY,
          ObjectKind.in(POLICY, "v1beta3", "servers", "Server"),
          ObjectKind.in(POLICY, "v1beta1", "serverauthorizations", "ServerAuthorization"),
          ObjectKind.in(POLICY, "v1alpha1", "authorizationpolicies", "AuthorizationPolicy"),
          ObjectKind.in("multicluster.linkerd.io", "v1alpha3", "links", "Link"),
          ObjectKind.in(POLICY, "v1beta3", "httproutes", "HTTPRoute"),
          ObjectKind.CLUSTER_ROLE,
          ObjectKind.CLUSTER_ROLE_BINDING,
          ObjectKind.API_SERVICE,
          ObjectKind.MUTATING_WEBHOOK,
          ObjectKind.VALIDATING_WEBHOOK,
          ObjectKind.CUSTOM_RESOURCE_DEFINITION);

  /** What an uninstallation names; everything else goes with the namespace. */
  static final List<ObjectKind> UNINSTALLED =
      List.of(
          ObjectKind.CLUSTER_ROLE,
          ObjectKind.CLUSTER_ROLE_BINDING,
          ObjectKind.ROLE,
          ObjectKind.ROLE_BINDING,
          ObjectKind.CUSTOM_RESOURCE_DEFINITION,
          ObjectKind.API_SERVICE,
          ObjectKind.MUTATING_WEBHOOK,
          ObjectKind.VALIDATING_WEBHOOK,
          ObjectKind.NAMESPACE);

  /**
   * What names an object.
   *
   * @param kind its kind; versions do not count
   * @param namespace empty for objects of the whole cluster
   * @param name its name
   */
  record Key(ObjectKind kind, String namespace, String name) {
    /** Whether a manifest is of this object. */
    boolean names(ObjectNode manifest) {
      KubeObject object = new KubeObject(manifest);
      String apiVersion = object.text("/apiVersion");
      String group = apiVersion.contains("/") ? apiVersion.split("/", 2)[0] : "";
      return group.equals(kind.group())
          && object.text("/kind").equals(kind.kind())
          && object.namespace().equals(namespace)
          && object.name().equals(name);
    }

    /** As little of it as {@code kubectl delete} needs. */
    String yaml() {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
      ObjectNode metadata = object.putObject("metadata").put("name", name);
      if (!namespace.isEmpty()) {
        metadata.put("namespace", namespace);
      }
      return Yaml.write(object);
    }
  }

  private OwnedObjects() {}

  /**
   * All objects of these kinds which match a selector, in the order of the kinds. What another
   * object owns is left out, for it goes with its owner: a serving certificate that the control
   * plane made for itself is not a thing of the past because no chart renders it.
   */
  static List<Key> find(Cluster cluster, List<ObjectKind> kinds, String selector) {
    List<Key> found = new ArrayList<>();
    for (ObjectKind kind : kinds) {
      for (KubeObject object : cluster.list(kind, Cluster.ALL_NAMESPACES, selector)) {
        if (object.list("/metadata/ownerReferences").isEmpty()) {
          found.add(new Key(kind, object.namespace(), object.name()));
        }
      }
    }
    return found;
  }
}

package dev.weft.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The custom resource definitions a control plane of this release needs, with their newest version.
 *
 * <p>Source: facts/injector-and-install.md 15.
 */
public final class CustomResources {
  private static final Map<String, String> NEEDED = new LinkedHashMap<>();

  static {
    NEEDED.put("authorizationpolicies.policy.linkerd.io", "v1alpha1");
    NEEDED.put("egressnetworks.policy.linkerd.io", "v1alpha1");
    NEEDED.put("httplocalratelimitpolicies.policy.linkerd.io", "v1alpha1");
    NEEDED.put("httproutes.policy.linkerd.io", "v1beta3");
    NEEDED.put("meshtlsauthentications.policy.linkerd.io", "v1alpha1");
    NEEDED.put("networkauthentications.policy.linkerd.io", "v1alpha1");
    NEEDED.put("serverauthorizations.policy.linkerd.io", "v1beta1");
    NEEDED.put("servers.policy.linkerd.io", "v1beta3");
    NEEDED.put("serviceprofiles.linkerd.io", "v1alpha2");
    NEEDED.put("externalworkloads.workload.linkerd.io", "v1beta1");
  }

  private CustomResources() {}

  /** Name → newest version. */
  public static Map<String, String> needed() {
    return Map.copyOf(NEEDED);
  }

  /** What is missing in a cluster, one text a definition; none if all are there. */
  public static List<String> missing(Cluster cluster) {
    Map<String, KubeObject> there = new LinkedHashMap<>();
    for (KubeObject definition :
        cluster.list(ObjectKind.CUSTOM_RESOURCE_DEFINITION, Cluster.ALL_NAMESPACES, "")) {
      there.put(definition.name(), definition);
    }
    List<String> missing = new ArrayList<>();
    NEEDED.forEach(
        (name, version) -> {
          KubeObject definition = there.get(name);
          if (definition == null) {
            missing.add(name + " is not installed");
          } else if (!versions(definition).contains(version)) {
            missing.add(
                "%s has versions %s, not %s".formatted(name, versions(definition), version));
          }
        });
    return missing;
  }

  private static List<String> versions(KubeObject definition) {
    return definition.list("/spec/versions").stream().map(CustomResources::name).toList();
  }

  private static String name(JsonNode version) {
    return version.path("name").asText("");
  }
}

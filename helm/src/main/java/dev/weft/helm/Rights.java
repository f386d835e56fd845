package dev.weft.helm;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What rendered roles let service accounts do; by this each service's tests hold the chart to what
 * the service asks the API server for. Immutable.
 */
public final class Rights {
  private static final String PLACEHOLDERS =
      "{identityTrustAnchorsPEM: none, identity: {issuer: {tls: {crtPEM: none, keyPEM: none}}}}";

  private final List<Map<?, ?>> objects;

  private Rights(List<Map<?, ?>> objects) {
    this.objects = objects;
  }

  /** The rights in rendered manifests. */
  public static Rights of(List<Manifest> manifests) {
    return new Rights(
        manifests.stream()
            .filter(manifest -> manifest.apiVersion().startsWith("rbac.authorization.k8s.io/"))
            .<Map<?, ?>>map(Rights::object)
            .toList());
  }

  /** The rights in the control plane as it is installed by default, in namespace linkerd. */
  public static Rights byDefault() {
    return of(Charts.render(Chart.CONTROL_PLANE, Rendering.of("linkerd").withValues(PLACEHOLDERS)));
  }

  private static Map<?, ?> object(Manifest manifest) {
    return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(manifest.yaml());
  }

  /** What a service account may do in the whole cluster, whatever the object's name. */
  public Set<Right> clusterWide(String serviceAccount) {
    Set<Right> rights = new HashSet<>();
    for (Map<?, ?> binding : objects) {
      if ("ClusterRoleBinding".equals(binding.get("kind")) && isBound(binding, serviceAccount)) {
        String role = text(map(binding.get("roleRef")).get("name"));
        objects.stream()
            .filter(object -> "ClusterRole".equals(object.get("kind")))
            .filter(object -> role.equals(map(object.get("metadata")).get("name")))
            .forEach(object -> addAll(object, rights));
      }
    }
    return Set.copyOf(rights);
  }

  private static boolean isBound(Map<?, ?> binding, String serviceAccount) {
    return list(binding.get("subjects")).stream()
        .anyMatch(subject -> serviceAccount.equals(map(subject).get("name")));
  }

  private static void addAll(Map<?, ?> role, Set<Right> rights) {
    for (Object rule : list(role.get("rules"))) {
      if (map(rule).containsKey("resourceNames")) {
        continue;
      }
      for (Object group : list(map(rule).get("apiGroups"))) {
        for (Object resource : list(map(rule).get("resources"))) {
          for (Object verb : list(map(rule).get("verbs"))) {
            rights.add(new Right(text(group), text(resource), text(verb)));
          }
        }
      }
    }
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static String text(@Nullable Object value) {
    return String.valueOf(value);
  }
}

package dev.weft.helm;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Rendered objects as trees. */
final class Objects {
  private Objects() {}

  static Map<?, ?> tree(Manifest manifest) {
    return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(manifest.yaml());
  }

  /** The only object of this kind and name. */
  static Map<?, ?> find(List<Manifest> manifests, String kind, String name) {
    List<Manifest> found =
        manifests.stream()
            .filter(manifest -> manifest.kind().equals(kind) && manifest.name().equals(name))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " objects " + kind + " " + name);
    }
    return tree(found.getFirst());
  }

  /** What lies at a path of keys; null if there is nothing. */
  static @Nullable Object at(@Nullable Object tree, String... path) {
    Object at = tree;
    for (String key : path) {
      at = at instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return at;
  }

  static List<?> list(@Nullable Object tree, String... path) {
    return at(tree, path) instanceof List<?> list ? list : List.of();
  }

  /** The pod specifications of all Deployments. */
  static List<Object> podSpecs(List<Manifest> manifests) {
    return manifests.stream()
        .filter(manifest -> manifest.kind().equals("Deployment"))
        .map(manifest -> at(tree(manifest), "spec", "template", "spec"))
        .<Object>map(java.util.Objects::requireNonNull)
        .toList();
  }

  /** Init containers and containers. */
  static Stream<Object> containers(Object podSpec) {
    return Stream.concat(
        list(podSpec, "initContainers").stream(), list(podSpec, "containers").stream());
  }
}

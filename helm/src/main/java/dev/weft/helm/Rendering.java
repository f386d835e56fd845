package dev.weft.helm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What to render a chart with.
 *
 * @param namespace the namespace of the control plane, a DNS label
 * @param values YAML documents laid over the chart's defaults, each over the ones before
 * @param sets path → value, laid over the values; paths in the grammar of Helm's {@code --set}
 *     ({@code a.b}, {@code a[0].b}), a value taken whole (commas and braces mean nothing) and typed
 *     as Helm does it: {@code true} a boolean, {@code 3} a number
 * @param kubeVersion the Kubernetes version rendered for, like {@code 1.33.0}
 */
public record Rendering(
    String namespace, List<String> values, Map<String, String> sets, String kubeVersion) {

  /** The oldest Kubernetes that the charts install on; for when no cluster is at hand. */
  public static final String OLDEST_KUBERNETES = "1.31.0";

  public Rendering {
    if (namespace.isBlank()) {
      throw new IllegalArgumentException("namespace is blank");
    }
    values = List.copyOf(values);
    sets = Collections.unmodifiableMap(new TreeMap<>(sets));
  }

  /** The chart's defaults in a namespace. */
  public static Rendering of(String namespace) {
    return new Rendering(namespace, List.of(), Map.of(), OLDEST_KUBERNETES);
  }

  /** This one with another document of values on top of the earlier ones. */
  public Rendering withValues(String yaml) {
    List<String> more = new ArrayList<>(values);
    more.add(yaml);
    return new Rendering(namespace, more, sets, kubeVersion);
  }

  /** This one with another {@code --set}. */
  public Rendering withSet(String path, String value) {
    Map<String, String> more = new TreeMap<>(sets);
    more.put(path, value);
    return new Rendering(namespace, values, more, kubeVersion);
  }
}

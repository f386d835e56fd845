package dev.weft.injection;

import java.util.Map;

/**
 * What injection needs of a namespace.
 *
 * @param name its name; empty where a manifest does not say
 * @param annotations its annotations
 */
public record NamespaceFacts(String name, Map<String, String> annotations) {
  /** Copies the map. */
  public NamespaceFacts {
    annotations = Map.copyOf(annotations);
  }

  /** A namespace of which only the name is known. */
  public static NamespaceFacts named(String name) {
    return new NamespaceFacts(name, Map.of());
  }
}

package dev.weft.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The values of an installation, as the chart's {@code values.yaml} names them. Keys that injection
 * does not need are kept and not looked at; a missing key has the contract's default.
 *
 * <p>Immutable; safe for use by many threads.
 */
public final class Values {
  private final ObjectNode tree;
  private final Settings settings;

  private Values(ObjectNode tree) {
    this.tree = tree.deepCopy();
    this.settings = SettingsReader.read(this.tree);
  }

  /**
   * Values from a tree, which is copied.
   *
   * @throws ValuesException if a key that injection needs has a value of another type; names it
   */
  public static Values of(ObjectNode tree) {
    return new Values(tree);
  }

  /**
   * Values from YAML text.
   *
   * @throws IllegalArgumentException if the text is no YAML object
   * @throws ValuesException see {@link #of}
   */
  public static Values parse(String yaml) {
    return of(Yaml.object(yaml));
  }

  /**
   * The values in the ConfigMap {@code linkerd-config}.
   *
   * @param configMap the whole object
   * @throws IllegalArgumentException if it has no values, or they cannot be read
   */
  public static Values ofConfigMap(ObjectNode configMap) {
    String yaml = configMap.path("data").path("values").asText("");
    if (yaml.isBlank()) {
      throw new IllegalArgumentException(
          "ConfigMap %s has no values; cause: key 'values' is missing or empty; fix: install or upgrade the control plane"
              .formatted(configMap.path("metadata").path("name").asText("linkerd-config")));
    }
    return parse(yaml);
  }

  /** A copy of the whole tree, for the caller to change. */
  public ObjectNode tree() {
    return tree.deepCopy();
  }

  /** The suffix of Service names: {@code cluster.local}. */
  public String clusterDomain() {
    return settings.cluster().domain();
  }

  /** The suffix of identities; the cluster domain unless set. */
  public String trustDomain() {
    return settings.cluster().trustDomain();
  }

  /** The release that is installed; empty where it is not said. */
  public String linkerdVersion() {
    return tree.path("linkerdVersion").asText("");
  }

  /** The trust anchors as given to the chart, PEM; empty where somebody else provides them. */
  public String trustAnchors() {
    return tree.path("identityTrustAnchorsPEM").asText("");
  }

  Settings settings() {
    return settings;
  }
}

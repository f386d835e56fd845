package dev.weft.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.injection.Yaml;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a control plane was installed with, as its ConfigMap {@value #NAME} says.
 *
 * @param uid names the installation
 * @param values the Helm values; not changed by anybody
 */
public record MeshConfig(String uid, ObjectNode values) {
  /** Name of the ConfigMap. */
  public static final String NAME = "linkerd-config";

  /**
   * Reads it.
   *
   * @return empty if there is no control plane in the namespace
   * @throws ClusterException also if the values cannot be read
   */
  public static Optional<MeshConfig> read(Cluster cluster, String namespace) {
    return cluster.get(ObjectKind.CONFIG_MAP, namespace, NAME).map(MeshConfig::of);
  }

  private static MeshConfig of(KubeObject map) {
    try {
      return new MeshConfig(map.uid(), Yaml.object(map.text("/data/values")));
    } catch (IllegalArgumentException e) {
      throw new ClusterException(
          ClusterException.NO_ANSWER,
          "ConfigMap %s, key values, is not a YAML object: %s"
              .formatted(map.qualifiedName(), e.getMessage()));
    }
  }

  /** The release. */
  public String version() {
    return text("/linkerdVersion", "");
  }

  public boolean cniEnabled() {
    return flag("/cniEnabled");
  }

  public boolean highlyAvailable() {
    return flag("/highAvailability");
  }

  public boolean proxyInitRunsAsRoot() {
    return flag("/proxyInit/runAsRoot");
  }

  /** CIDRs of the cluster. */
  public List<String> clusterNetworks() {
    return Stream.of(text("/clusterNetworks", "").split(","))
        .map(String::strip)
        .filter(network -> !network.isEmpty())
        .toList();
  }

  /** {@code linkerd.io/tls} or {@code kubernetes.io/tls}. */
  public String issuerScheme() {
    return text("/identity/issuer/scheme", "linkerd.io/tls");
  }

  public String clusterDomain() {
    return text("/clusterDomain", "cluster.local");
  }

  /** The trust domain; that of the cluster unless set. */
  public String trustDomain() {
    String own = text("/identityTrustDomain", "");
    return own.isEmpty() ? clusterDomain() : own;
  }

  /** The value at a JSON pointer, as text. */
  public String text(String pointer, String otherwise) {
    JsonNode node = values.at(pointer);
    return node.isValueNode() && !node.isNull() ? node.asText() : otherwise;
  }

  private boolean flag(String pointer) {
    return values.at(pointer).asBoolean(false);
  }
}

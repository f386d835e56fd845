package dev.weft.cli.inject;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.CliException;
import dev.weft.cli.kube.Access;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.InstalledIdentity;
import dev.weft.cli.kube.MeshConfig;
import dev.weft.helm.Chart;
import dev.weft.helm.Charts;
import dev.weft.injection.Yaml;
import java.security.GeneralSecurityException;

/**
 * The mesh that workloads are put into.
 *
 * @param values its Helm values
 * @param trustAnchors PEM bundle; empty where nobody needs it
 */
record MeshSettings(ObjectNode values, String trustAnchors) {
  /** Those of an installation without any flags. */
  static MeshSettings defaults() {
    return new MeshSettings(Yaml.object(Charts.defaults(Chart.CONTROL_PLANE)), "");
  }

  /**
   * Those of the cluster.
   *
   * @param withAnchors whether trust anchors are needed
   */
  static MeshSettings read(Access access, String namespace, boolean withAnchors) {
    try (Cluster cluster = access.open()) {
      MeshConfig config =
          MeshConfig.read(cluster, namespace)
              .orElseThrow(
                  () ->
                      new CliException(
                          "there is no mesh to put workloads into",
                          "ConfigMap %s/%s does not exist".formatted(namespace, MeshConfig.NAME),
                          "install one with `weft install`, name its namespace with -L, or use --ignore-cluster"));
      return new MeshSettings(
          config.values(), withAnchors ? InstalledIdentity.bundle(cluster, namespace) : "");
    } catch (GeneralSecurityException e) {
      throw new CliException(
          "the trust anchors are not known", String.valueOf(e.getMessage()), "run `weft check`");
    }
  }
}

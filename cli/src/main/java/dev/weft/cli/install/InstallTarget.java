package dev.weft.cli.install;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.CliException;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.CustomResources;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.MeshConfig;
import dev.weft.cli.kube.ObjectKind;
import java.util.List;
import java.util.TreeSet;

/**
 * What a cluster demands of an installation.
 *
 * @param cluster borrowed
 * @param namespace of the control plane
 */
record InstallTarget(Cluster cluster, String namespace) {
  /** Like {@code 1.35.4}. */
  String kubeVersion() {
    String version = cluster.version().path("gitVersion").asText("");
    return version.replaceFirst("^v", "").replaceFirst("[-+].*", "");
  }

  void requireDefinitions() {
    List<String> missing = CustomResources.missing(cluster);
    if (!missing.isEmpty()) {
      throw new CliException(
          "the control plane cannot be installed yet",
          String.join("; ", missing),
          "run `weft install --crds | kubectl apply -f -` first (or `weft upgrade --crds`)");
    }
  }

  void requireNoControlPlane() {
    if (cluster.get(ObjectKind.CONFIG_MAP, namespace, MeshConfig.NAME).isPresent()) {
      throw new CliException(
          "no second control plane can be installed",
          "ConfigMap %s/%s exists".formatted(namespace, MeshConfig.NAME),
          "use `weft upgrade`, or another namespace with -L; --ignore-cluster prints anyway");
    }
  }

  /** Nodes with the Docker runtime let proxy-init work only as root. */
  void requireRuntimeFor(boolean runAsRoot) {
    List<String> docker =
        cluster.list(ObjectKind.NODE, "", "").stream()
            .filter(
                node -> node.text("/status/nodeInfo/containerRuntimeVersion").startsWith("docker:"))
            .map(KubeObject::name)
            .toList();
    if (!runAsRoot && !docker.isEmpty()) {
      throw new CliException(
          "proxy-init cannot run on every node",
          "the container runtime is Docker on " + String.join(", ", docker),
          "--set proxyInit.runAsRoot=true");
    }
  }

  /** Ports of the API server, which proxies of the control plane leave alone; empty if unknown. */
  String apiServerPorts() {
    TreeSet<Integer> ports = new TreeSet<>();
    cluster
        .get(ObjectKind.SERVICE, "default", "kubernetes")
        .ifPresent(
            service -> {
              for (JsonNode port : service.list("/spec/ports")) {
                ports.add(port.path("port").asInt());
                if (port.path("targetPort").isInt()) {
                  ports.add(port.path("targetPort").asInt());
                }
              }
            });
    return String.join(",", ports.stream().map(String::valueOf).toList());
  }
}

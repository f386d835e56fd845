package dev.weft.cli.kube;

import java.util.List;

/**
 * How the cluster is to be reached. Empty texts mean what the kubeconfig says.
 *
 * @param kubeconfig file; empty for {@code KUBECONFIG}, {@code ~/.kube/config}, or the pod's
 *     account
 * @param context name of a context
 * @param user whom to impersonate
 * @param groups the groups to impersonate
 */
public record Access(String kubeconfig, String context, String user, List<String> groups) {
  /** Copies the list. */
  public Access {
    groups = List.copyOf(groups);
  }

  /**
   * Reads the kubeconfig and makes a client; nothing is sent yet.
   *
   * @throws ClusterException if the kubeconfig cannot be used
   */
  public Cluster open() {
    return FabricCluster.open(this);
  }
}

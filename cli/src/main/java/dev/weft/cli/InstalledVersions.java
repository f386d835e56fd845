package dev.weft.cli;

import dev.weft.cli.kube.Access;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.ClusterException;
import dev.weft.cli.kube.MeshConfig;
import dev.weft.cli.kube.ObjectKind;
import dev.weft.cli.kube.Pods;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The versions in a cluster.
 *
 * @param access the cluster
 * @param controlPlane namespace of the control plane
 */
record InstalledVersions(Access access, String controlPlane) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String UNAVAILABLE = "unavailable";

  /**
   * Prints them; what cannot be read is {@value #UNAVAILABLE}.
   *
   * @param brief the values alone
   * @param proxies those of proxies too
   * @param namespace where proxies are looked for, empty for all
   * @throws ClusterException if there is no client for the cluster
   */
  void print(PrintWriter out, boolean brief, boolean proxies, String namespace) {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    Cluster cluster = access.open();
    try {
      String server =
          within(threads, () -> MeshConfig.read(cluster, controlPlane).map(MeshConfig::version))
              .flatMap(version -> version)
              .filter(version -> !version.isEmpty())
              .orElse(UNAVAILABLE);
      out.println(brief ? server : "Server version: " + server);
      if (proxies) {
        printProxies(
            out, brief, within(threads, () -> proxyVersions(cluster, namespace)).orElse(Map.of()));
      }
      out.flush();
    } finally {
      threads.shutdownNow();
      cluster.close();
    }
  }

  private Map<String, Long> proxyVersions(Cluster cluster, String namespace) {
    return cluster
        .list(ObjectKind.POD, namespace, "linkerd.io/control-plane-ns=" + controlPlane)
        .stream()
        .collect(Collectors.groupingBy(Pods::proxyVersion, TreeMap::new, Collectors.counting()));
  }

  private static void printProxies(PrintWriter out, boolean brief, Map<String, Long> versions) {
    if (versions.isEmpty()) {
      out.println(brief ? UNAVAILABLE : "Proxy versions: " + UNAVAILABLE);
      return;
    }
    if (!brief) {
      out.println("Proxy versions:");
    }
    versions.forEach(
        (version, pods) ->
            out.println(
                brief
                    ? version
                    : "\t%s (%d %s)".formatted(version, pods, pods == 1 ? "pod" : "pods")));
  }

  private static <T> Optional<T> within(ExecutorService threads, Callable<T> question) {
    Future<T> answer = threads.submit(question);
    try {
      return Optional.of(answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException _) {
      answer.cancel(true);
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}

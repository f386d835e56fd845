package dev.weft.cli.diagnostics;

import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.ClusterException;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.PodMetrics;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A page of Prometheus metrics of a container.
 *
 * @param pod where it is
 * @param container empty where it goes without saying
 * @param port of the page
 */
record MetricsPage(KubeObject pod, String container, int port) {
  /** Prints pages one after another, each below comments which say whose it is. */
  static void print(
      Cluster cluster,
      List<MetricsPage> pages,
      Duration patience,
      UnaryOperator<String> edit,
      PrintWriter out) {
    for (int i = 0; i < pages.size(); i++) {
      MetricsPage page = pages.get(i);
      out.println("#");
      out.println("# POD %s (%d of %d)".formatted(page.pod().name(), i + 1, pages.size()));
      if (!page.container().isEmpty()) {
        out.println("# CONTAINER " + page.container());
      }
      out.println("#");
      try {
        out.print(edit.apply(PodMetrics.fetch(cluster, page.pod(), page.port(), patience)));
      } catch (ClusterException | IOException e) {
        out.println("# ERROR " + String.valueOf(e.getMessage()).replace('\n', ' '));
      }
      out.flush();
    }
  }
}

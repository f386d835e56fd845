package dev.weft.cli.diagnostics;

import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.ClusterException;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.PodPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
  private static final int OK = 200;

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
        out.print(edit.apply(page.fetch(cluster, patience)));
      } catch (ClusterException | IOException e) {
        out.println("# ERROR " + String.valueOf(e.getMessage()).replace('\n', ' '));
      }
      out.flush();
    }
  }

  private String fetch(Cluster cluster, Duration patience) throws IOException {
    try (PodPort forwarded = cluster.forward(pod.namespace(), pod.name(), port);
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      URI uri = URI.create("http://127.0.0.1:" + forwarded.address().getPort() + "/metrics");
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(uri).timeout(patience).build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != OK) {
        throw new IOException("the page was answered " + response.statusCode());
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}

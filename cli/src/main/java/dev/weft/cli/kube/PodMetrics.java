package dev.weft.cli.kube;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Reads a container's page of Prometheus metrics, through the API server. */
public final class PodMetrics {
  private static final int OK = 200;

  private PodMetrics() {}

  /**
   * The page, as text.
   *
   * @param port of the page
   * @param patience how long it may take
   * @throws IOException if it cannot be had; a {@link ClusterException} if the server refuses
   */
  public static String fetch(Cluster cluster, KubeObject pod, int port, Duration patience)
      throws IOException {
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

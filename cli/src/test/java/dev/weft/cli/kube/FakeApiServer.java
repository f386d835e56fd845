package dev.weft.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A {@link FakeCluster} behind HTTP, as an API server shows it, with pages of two objects. */
public final class FakeApiServer implements AutoCloseable {
  private static final int PAGE = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FakeCluster cluster;
  private final HttpServer server;

  public FakeApiServer(FakeCluster cluster) throws IOException {
    this.cluster = cluster;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Writes a kubeconfig for this server. */
  public Path kubeconfig(Path directory) throws IOException {
    return Files.writeString(
        directory.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: fake
        clusters: [{name: fake, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: fake, context: {cluster: fake, user: me, namespace: home}}]
        users: [{name: me, user: {token: t}}]
        """
            .formatted(server.getAddress().getPort()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body;
    int code = 200;
    try {
      JsonNode answer = dispatch(exchange);
      body = answer.toString().getBytes(StandardCharsets.UTF_8);
    } catch (ClusterException e) {
      code = e.code() == 0 ? 500 : e.code();
      ObjectNode status =
          JsonNodeFactory.instance
              .objectNode()
              .put("kind", "Status")
              .put("message", e.getMessage());
      body = status.toString().getBytes(StandardCharsets.UTF_8);
    }
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private JsonNode dispatch(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    if (path.equals("/version")) {
      return cluster.version();
    }
    List<String> parts = Arrays.asList(path.substring(1).split("/"));
    boolean core = parts.getFirst().equals("api");
    String group = core ? "" : parts.get(1);
    List<String> rest = parts.subList(core ? 2 : 3, parts.size());
    String namespace = "";
    if (rest.getFirst().equals("namespaces") && rest.size() > 2) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    ObjectKind kind = kind(group, core ? parts.get(1) : parts.get(2), rest.getFirst());
    if (exchange.getRequestMethod().equals("POST")) {
      JsonNode object = JSON.readTree(exchange.getRequestBody());
      if (query.containsKey("dryRun")) {
        cluster.dryRun(kind, object);
        return object;
      }
      return cluster.review(kind, object).json();
    }
    if (rest.size() == 2) {
      return cluster
          .get(kind, namespace, rest.get(1))
          .orElseThrow(() -> new ClusterException(404, path + " not found"))
          .json();
    }
    return page(
        cluster.list(kind, namespace, query.getOrDefault("labelSelector", "")),
        Integer.parseInt(query.getOrDefault("continue", "0")));
  }

  private static JsonNode page(List<KubeObject> all, int from) {
    int to = Math.min(all.size(), from + PAGE);
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.putObject("metadata").put("continue", to < all.size() ? String.valueOf(to) : "");
    all.subList(from, to).forEach(object -> list.withArray("items").add(object.json()));
    return list;
  }

  /** What the path says, and the kind of a stored object with that plural. */
  private ObjectKind kind(String group, String version, String plural) {
    for (JsonNode object : cluster.objects()) {
      String name = object.path("kind").asText();
      if (pluralOf(name).equals(plural)) {
        return ObjectKind.in(group, version, plural, name);
      }
    }
    return ObjectKind.in(group, version, plural, plural);
  }

  private static String pluralOf(String kind) {
    String lower = kind.toLowerCase(Locale.ROOT);
    if (lower.endsWith("y")) {
      return lower.substring(0, lower.length() - 1) + "ies";
    }
    return lower + (lower.endsWith("s") ? "es" : "s");
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (String item : raw.split("&")) {
        String[] pair = item.split("=", 2);
        query.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

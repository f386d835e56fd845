package dev.weft.resources.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.mesh.resource.ResourceKind;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;

/**
 * As much of an API server as lists and watches need, with the faults of real ones on demand.
 * Objects are JSON texts with a {@code %VERSION%} where their resource version belongs.
 */
final class FakeApiServer implements AutoCloseable {
  private record Event(int version, ResourceKind kind, String type, String object) {}

  private HttpServer server;
  private final Map<ResourceKind, Map<String, String>> objects = new HashMap<>();
  private final List<Event> events = new ArrayList<>();
  private final Set<ResourceKind> unknown = EnumSet.noneOf(ResourceKind.class);
  private final Set<HttpExchange> watches = new java.util.HashSet<>();
  private final Map<ResourceKind, Integer> lists = new HashMap<>();
  private int version = 100;
  private int oldest = 0;
  private int refuse;
  private int retryAfter;
  private final Set<ResourceKind> denied = EnumSet.noneOf(ResourceKind.class);
  private final List<Long> refusals = new ArrayList<>();
  private boolean closed;

  FakeApiServer() throws IOException {
    server = listen(0);
  }

  private HttpServer listen(int port) throws IOException {
    HttpServer made =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    made.createContext("/", this::handle);
    made.start();
    return made;
  }

  /** Ends all connections, does {@code meanwhile}, and listens again at the same address. */
  void restart(Runnable meanwhile) throws IOException {
    int port = server.getAddress().getPort();
    dropWatches();
    server.stop(0);
    meanwhile.run();
    server = listen(port);
  }

  KubernetesClient client() {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/")
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  synchronized void put(ResourceKind kind, String name, String json) {
    version++;
    String object = json.replace("%VERSION%", String.valueOf(version));
    boolean added = objects.computeIfAbsent(kind, _ -> new TreeMap<>()).put(name, object) == null;
    events.add(new Event(version, kind, added ? "ADDED" : "MODIFIED", object));
    notifyAll();
  }

  synchronized void delete(ResourceKind kind, String name) {
    version++;
    String object = objects.getOrDefault(kind, new TreeMap<>()).remove(name);
    if (object != null) {
      events.add(new Event(version, kind, "DELETED", object));
      notifyAll();
    }
  }

  synchronized void bookmark(ResourceKind kind) {
    version++;
    events.add(
        new Event(
            version, kind, "BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"" + version + "\"}}"));
    notifyAll();
  }

  /** Forgets events so far: whoever wants to go on from one of them is told 410. */
  synchronized void compact() {
    events.clear();
    oldest = version;
  }

  /** Ends all watches in the middle, without a word. */
  synchronized void dropWatches() {
    Set.copyOf(watches).forEach(HttpExchange::close);
    watches.clear();
    notifyAll();
  }

  /** Answers every further request with this status; 0 for none. */
  synchronized void refuse(int status) {
    refuse = status;
  }

  /** Answers requests for one kind 403, or no longer. */
  synchronized void deny(ResourceKind kind, boolean isDenied) {
    if (isDenied) {
      denied.add(kind);
    } else {
      denied.remove(kind);
    }
  }

  /** Answers every further request 429 and asks for so many seconds of peace. */
  synchronized void throttle(int seconds) {
    refuse = 429;
    retryAfter = seconds;
  }

  /** When requests were refused, as {@link System#nanoTime}. */
  synchronized List<Long> refusals() {
    return List.copyOf(refusals);
  }

  synchronized void setUnknown(ResourceKind kind, boolean isUnknown) {
    if (isUnknown) {
      unknown.add(kind);
    } else {
      unknown.remove(kind);
    }
  }

  synchronized int lists(ResourceKind kind) {
    return lists.getOrDefault(kind, 0);
  }

  synchronized int watches() {
    return watches.size();
  }

  private void handle(HttpExchange exchange) throws IOException {
    // Closing the exchange would close its connection too, which clients mean to use again.
    try (InputStream request = exchange.getRequestBody();
        OutputStream response = exchange.getResponseBody()) {
      request.readAllBytes();
      ResourceKind kind = kind(exchange.getRequestURI().getPath());
      Map<String, String> query = query(exchange);
      int status = kind == null ? 404 : status(kind);
      if (status != 0) {
        refused(exchange);
        answer(exchange, status, "{\"kind\":\"Status\",\"message\":\"refused by the test\"}");
      } else if (query.containsKey("watch")) {
        watch(exchange, kind, Integer.parseInt(query.get("resourceVersion")));
      } else {
        answer(exchange, 200, list(kind, query));
      }
    }
  }

  private synchronized int status(ResourceKind kind) {
    return unknown.contains(kind) ? 404 : denied.contains(kind) ? 403 : refuse;
  }

  private synchronized void refused(HttpExchange exchange) {
    refusals.add(System.nanoTime());
    if (retryAfter > 0) {
      exchange.getResponseHeaders().set("Retry-After", String.valueOf(retryAfter));
    }
  }

  /** The preferred version of each kind is served, and no other. */
  private static ResourceKind kind(String path) {
    for (ResourceKind kind : ResourceKind.values()) {
      String root = kind.group().isEmpty() ? "/api/" : "/apis/" + kind.group() + "/";
      if (path.equals(root + kind.versions().getFirst() + "/" + kind.plural())) {
        return kind;
      }
    }
    return null;
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new HashMap<>();
    for (String part : exchange.getRequestURI().getQuery().split("&")) {
      int equals = part.indexOf('=');
      query.put(part.substring(0, equals), part.substring(equals + 1));
    }
    return query;
  }

  /** Two objects a page, whatever the client asks for, so that pages are tested too. */
  private synchronized String list(ResourceKind kind, Map<String, String> query) {
    lists.merge(kind, 1, Integer::sum);
    List<String> all = new ArrayList<>(objects.getOrDefault(kind, Map.of()).values());
    int from = Integer.parseInt(query.getOrDefault("continue", "0"));
    int to = Math.min(all.size(), from + 2);
    String next = to < all.size() ? ",\"continue\":\"" + to + "\"" : "";
    return "{\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\""
        + version
        + "\""
        + next
        + "},\"items\":["
        + String.join(",", all.subList(from, to))
        + "]}";
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void watch(HttpExchange exchange, ResourceKind kind, int from) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    synchronized (this) {
      watches.add(exchange);
      if (from < oldest) {
        send(
            out,
            "ERROR",
            "{\"kind\":\"Status\",\"code\":410,\"message\":\"too old resource version\"}");
        watches.remove(exchange);
        return;
      }
    }
    out.flush();
    int sent = from;
    while (true) {
      List<Event> due = new ArrayList<>();
      synchronized (this) {
        int after = sent;
        while (!closed && watches.contains(exchange) && !isDue(kind, after)) {
          try {
            wait();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        }
        if (closed || !watches.contains(exchange)) {
          return;
        }
        for (Event event : events) {
          if (event.kind() == kind && event.version() > sent) {
            due.add(event);
          }
        }
        sent = due.getLast().version();
      }
      for (Event event : due) {
        send(out, event.type(), event.object());
      }
    }
  }

  private boolean isDue(ResourceKind kind, int after) {
    return events.stream().anyMatch(e -> e.kind() == kind && e.version() > after);
  }

  private static void send(OutputStream out, String type, String object) throws IOException {
    String line = "{\"type\":\"" + type + "\",\"object\":" + object.replace("\n", " ") + "}\n";
    out.write(line.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    server.stop(0);
  }
}

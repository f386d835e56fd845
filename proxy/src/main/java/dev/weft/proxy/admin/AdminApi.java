package dev.weft.proxy.admin;

import dev.weft.proxy.log.Json;
import dev.weft.proxy.log.ProcessLog;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.metrics.MetricsFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What the admin port answers. Knows nothing of connections. Runs on the admin loop.
 *
 * <p>Source: facts/proxy.md 1.7.
 */
public final class AdminApi {
  private final BooleanSupplier ready;
  private final Metrics metrics;
  private final ProcessLog log;
  private final Map<String, String> environment;
  private final @Nullable Runnable shutdown;

  /**
   * Answers from these sources.
   *
   * @param ready whether the proxy was ever certified
   * @param shutdown ends the process; null where that is not allowed
   */
  public AdminApi(
      BooleanSupplier ready,
      Metrics metrics,
      ProcessLog log,
      Map<String, String> environment,
      @Nullable Runnable shutdown) {
    this.ready = ready;
    this.metrics = metrics;
    this.log = log;
    this.environment = ShownEnvironment.of(environment);
    this.shutdown = shutdown;
  }

  AdminResponse answer(AdminRequest request) {
    return switch (request.path()) {
      case "/ready" ->
          ready.getAsBoolean()
              ? AdminResponse.text(200, "ready\n")
              : AdminResponse.text(503, "not ready\n");
      case "/live" -> AdminResponse.text(200, "live\n");
      case "/metrics" -> metrics(request);
      case "/proxy-log-level" -> logLevel(request);
      case "/env.json" -> environment(request);
      case "/shutdown" -> shutdown(request);
      default -> AdminResponse.empty(404);
    };
  }

  private AdminResponse metrics(AdminRequest request) {
    MetricsFormat format = MetricsFormat.accepted(request.accept());
    String text = metrics.print(format);
    if (!request.gzip()) {
      return AdminResponse.of(format.contentType(), text);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() / 8);
    try (GZIPOutputStream gzip = new FastGzip(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      return AdminResponse.text(500, "metrics cannot be compressed: " + e.getMessage() + "\n");
    }
    return AdminResponse.compressed(format.contentType(), out.toByteArray());
  }

  /** Gzip that prefers speed. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private AdminResponse logLevel(AdminRequest request) {
    Optional<String> filter = log.filter();
    if (filter.isEmpty()) {
      return AdminResponse.empty(404);
    }
    if (!request.local()) {
      return refusedFromAfar();
    }
    return switch (request.method()) {
      case "GET" -> AdminResponse.text(200, filter.get());
      case "PUT" -> {
        try {
          log.setFilter(request.body().strip());
          yield AdminResponse.empty(204);
        } catch (IllegalArgumentException e) {
          yield AdminResponse.text(400, e.getMessage() + "\n");
        }
      }
      default -> AdminResponse.notAllowed("GET, PUT");
    };
  }

  private AdminResponse environment(AdminRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return AdminResponse.notAllowed("GET, HEAD");
    }
    String accept = request.accept();
    if (accept != null && !acceptsJson(accept)) {
      return AdminResponse.empty(406);
    }
    String query = request.query();
    if (query == null || query.isEmpty()) {
      return AdminResponse.json(200, json(new TreeMap<>(environment)));
    }
    if (query.indexOf('=') >= 0) {
      return AdminResponse.json(400, "{\"error\":\"names are listed as ?A&B, without values\"}");
    }
    Map<String, @Nullable String> chosen = new TreeMap<>();
    for (String name : query.split("&", -1)) {
      if (!name.isEmpty()) {
        chosen.put(name, environment.get(name));
      }
    }
    return AdminResponse.json(200, json(chosen));
  }

  private static boolean acceptsJson(String accept) {
    String lower = accept.toLowerCase(Locale.ROOT);
    return lower.contains("application/json")
        || lower.contains("application/*")
        || lower.contains("*/*");
  }

  private static String json(Map<String, ? extends @Nullable String> values) {
    StringBuilder out = new StringBuilder("{");
    values.forEach(
        (name, value) -> {
          out.append(out.length() == 1 ? "" : ",");
          Json.quote(out, name);
          out.append(':');
          if (value == null) {
            out.append("null");
          } else {
            Json.quote(out, value);
          }
        });
    return out.append('}').toString();
  }

  private AdminResponse shutdown(AdminRequest request) {
    if (!request.method().equals("POST")) {
      return AdminResponse.notAllowed("POST");
    }
    if (!request.local()) {
      return refusedFromAfar();
    }
    if (shutdown == null) {
      return AdminResponse.text(404, "shutdown endpoint is not enabled\n");
    }
    shutdown.run();
    return AdminResponse.text(200, "shutdown\n");
  }

  private static AdminResponse refusedFromAfar() {
    return AdminResponse.text(403, "only clients on this machine may do this\n");
  }
}

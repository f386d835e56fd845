package dev.weft.resources.kubernetes;

import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.decode.DecodeException;
import dev.weft.resources.decode.JsonTrees;
import dev.weft.resources.decode.Tree;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists and watches of an API server, as blocking calls for virtual threads. Of the client library
 * it uses the HTTP client with its authentication only, so that no object is kept in the library's
 * own form.
 *
 * <p>Safe for use by many threads.
 */
final class ApiServer {
  /** Objects in one page of a list. */
  private static final int PAGE = 500;

  /** How long the server may take to begin its answer. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

  private static final int MAX_ERROR_BYTES = 4096;

  /** Kinds of which nothing but the metadata is read; the server is asked for no more. */
  private static final Set<ResourceKind> METADATA_ONLY =
      EnumSet.of(
          ResourceKind.NAMESPACE, ResourceKind.NODE, ResourceKind.REPLICA_SET, ResourceKind.JOB);

  private final KubernetesClient client;
  private final HttpClient http;

  ApiServer(KubernetesClient client) {
    this.client = client;
    // The library would try again behind our back, for minutes: nobody would learn of a failure.
    RequestConfig once =
        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
            .withRequestRetryBackoffLimit(0)
            .build();
    this.http = client.getHttpClient().newBuilder().tag(once).build();
  }

  String url() {
    return client.getMasterUrl().toString();
  }

  /** A running request's answer, which anybody may abort by closing it. */
  interface Aborter {
    void running(Closeable answer);
  }

  /**
   * Lists all objects of a kind.
   *
   * @param onItem told of each
   * @return the version from which a watch goes on
   */
  String list(ResourceKind kind, String version, Aborter aborter, Consumer<Tree.Mapping> onItem)
      throws ApiException, IOException, InterruptedException {
    String next = "";
    do {
      String query = "?limit=" + PAGE + (next.isEmpty() ? "" : "&continue=" + encode(next));
      try (InputStream body = open(path(kind, version) + query, accept(kind, "List"))) {
        aborter.running(body);
        Tree.Mapping list = JsonTrees.list(body, onItem);
        // To the very end, so that the connection can serve the next page.
        body.transferTo(OutputStream.nullOutputStream());
        next = text(list, "metadata", "continue");
        if (next.isEmpty()) {
          return text(list, "metadata", "resourceVersion");
        }
      } catch (DecodeException e) {
        throw new IOException("list of " + kind.plural() + " cannot be read: " + e.getMessage(), e);
      }
    } while (true);
  }

  /**
   * Begins to watch a kind.
   *
   * @param resourceVersion where to go on
   * @param limit after how long the server ends the watch
   */
  EventStream watch(ResourceKind kind, String version, String resourceVersion, Duration limit)
      throws ApiException, IOException, InterruptedException {
    String query =
        "?watch=1&allowWatchBookmarks=true&resourceVersion="
            + encode(resourceVersion)
            + "&timeoutSeconds="
            + limit.toSeconds();
    return new EventStream(open(path(kind, version) + query, accept(kind, "")));
  }

  private static String accept(ResourceKind kind, String suffix) {
    return METADATA_ONLY.contains(kind)
        ? "application/json;as=PartialObjectMetadata%s;g=meta.k8s.io;v=v1,application/json"
            .formatted(suffix)
        : "application/json";
  }

  private InputStream open(String path, String accept)
      throws ApiException, IOException, InterruptedException {
    HttpRequest request =
        http.newHttpRequestBuilder()
            .uri(URI.create(url()).resolve(path))
            .header("Accept", accept)
            .forStreaming()
            .build();
    CompletableFuture<HttpResponse<InputStream>> answer =
        http.sendAsync(request, InputStream.class);
    HttpResponse<InputStream> response;
    try {
      response = answer.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("GET " + path + " failed; cause: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      answer.thenAccept(late -> closeQuietly(late.body()));
      throw new IOException("GET " + path + " got no answer in " + ANSWER_LIMIT, e);
    }
    Body body = new Body(response.body());
    if (!response.isSuccessful()) {
      String reason = reason(body);
      throw new ApiException(
          response.code(),
          "GET " + path + " was answered " + response.code() + " " + reason,
          retryAfter(response));
    }
    return body;
  }

  /**
   * An answer's body which, once read to its end, is not closed any more: the client library would
   * take that for an abort and close the connection, which the next request has got meanwhile.
   */
  private static final class Body extends FilterInputStream {
    private volatile boolean ended;

    Body(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      return note(super.read());
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return note(super.read(into, offset, length));
    }

    private int note(int read) {
      ended |= read < 0;
      return read;
    }

    @Override
    public void close() throws IOException {
      if (!ended) {
        super.close();
      }
    }
  }

  /** Zero unless the server names seconds; dates are for caches. */
  private static Duration retryAfter(HttpResponse<?> response) {
    String seconds = response.header("Retry-After");
    return seconds != null && seconds.matches("[0-9]{1,9}")
        ? Duration.ofSeconds(Long.parseLong(seconds))
        : Duration.ZERO;
  }

  private static String reason(InputStream body) {
    try (body) {
      String text = new String(body.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8);
      return JsonTrees.parse(text).getFirst() instanceof Tree.Mapping status
          ? text(status, "message")
          : text;
    } catch (IOException | DecodeException _) {
      return "";
    }
  }

  private static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException _) {
      // Nobody waits for it any more.
    }
  }

  private static String path(ResourceKind kind, String version) {
    String root = kind.group().isEmpty() ? "/api/" : "/apis/" + kind.group() + "/";
    return root + version + "/" + kind.plural();
  }

  /** The text at a path of fields; empty where there is none. */
  static String text(Tree.Mapping from, String... path) {
    Tree at = from;
    for (String name : path) {
      at = at instanceof Tree.Mapping mapping ? member(mapping, name) : null;
    }
    return at instanceof Tree.Scalar scalar ? scalar.text() : "";
  }

  private static @Nullable Tree member(Tree.Mapping mapping, String name) {
    return mapping.fields().get(name);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

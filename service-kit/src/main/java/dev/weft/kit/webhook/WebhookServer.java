package dev.weft.kit.webhook;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.X509KeyManager;

/**
 * The HTTPS listener: TLS 1.3, HTTP/1.1 and HTTP/2, any method and path. Bodies are bounded by
 * {@link AdmissionReviews#MAX_BODY_BYTES}; each review is judged on a virtual thread.
 *
 * <p>It is a listener of its own, beside that of the admin pages, so that certificates can change
 * under open connections.
 */
final class WebhookServer {
  /** Longer than the 90 s for which an API server keeps an unused connection. */
  private static final int IDLE_SECONDS = 300;

  /**
   * Reviews at once on a connection. An API server uses one connection for all, and some clients
   * fail rather than wait when there is no room.
   */
  private static final int MAX_STREAMS = 1_000;

  private static final Duration BIND_LIMIT = Duration.ofSeconds(10);

  private final HttpServer server;
  private final AdmissionReviews reviews;
  private final AtomicInteger running = new AtomicInteger();

  private WebhookServer(Vertx vertx, X509KeyManager keys, AdmissionReviews reviews) {
    this.reviews = reviews;
    this.server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(MAX_STREAMS))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                .setKeyCertOptions(KeyCertOptions.wrap(keys))
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS));
  }

  /**
   * Opens the listener.
   *
   * @throws IOException if the address cannot be bound
   */
  static WebhookServer open(
      Vertx vertx, String host, int port, X509KeyManager keys, AdmissionReviews reviews)
      throws IOException {
    WebhookServer opened = new WebhookServer(vertx, keys, reviews);
    opened.server.requestHandler(opened::receive);
    try {
      var _ =
          opened
              .server
              .listen(port, host)
              .toCompletionStage()
              .toCompletableFuture()
              .get(BIND_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(
          "webhook listener not opened: address=%s:%d; cause: %s"
              .formatted(host, port, e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("webhook listener not opened; cause: interrupted", e);
    }
    return opened;
  }

  int port() {
    return server.actualPort();
  }

  /** Runs on the request's loop. */
  private void receive(HttpServerRequest request) {
    Buffer body = Buffer.buffer();
    request.handler(
        part -> {
          if (body.length() + part.length() <= AdmissionReviews.MAX_BODY_BYTES) {
            body.appendBuffer(part);
          } else if (!request.response().ended()) {
            refuse(request);
          }
        });
    request.endHandler(
        _ -> {
          if (!request.response().ended()) {
            running.incrementAndGet();
            Thread.ofVirtual().name("admission").start(() -> answer(request, body));
          }
        });
  }

  /** Answers before the body has ended; the rest of it is dropped. */
  private static void refuse(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_2) {
      request.response().putHeader("connection", "close");
    }
    request.response().setStatusCode(500).end("body refused; cause: longer than 10 MiB\n");
  }

  private void answer(HttpServerRequest request, Buffer body) {
    try {
      AdmissionReviews.Answer answer = reviews.answer(body.getBytes());
      request
          .response()
          .setStatusCode(answer.status())
          .putHeader("content-type", answer.status() == 200 ? "application/json" : "text/plain")
          .end(Buffer.buffer(answer.body()));
    } catch (IllegalStateException _) {
      // The client is gone.
    } finally {
      running.decrementAndGet();
    }
  }

  /** Requests that are being answered. */
  int running() {
    return running.get();
  }

  void close() {
    server.close();
  }
}

package dev.weft.cli.demo;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a server owes its callers when it is told to end (SIGTERM): it takes nothing new, tells
 * HTTP/2 clients so (GOAWAY), and answers what it has taken.
 */
final class GracefulShutdown {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private GracefulShutdown() {}

  static void of(HttpServer server) {
    atTheEnd(() -> stop(server));
  }

  static void of(HttpServer http, Server grpc) {
    atTheEnd(
        () -> {
          grpc.shutdown();
          stop(http);
          try {
            grpc.awaitTermination(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Returns as soon as every exchange has ended. */
  private static void stop(HttpServer server) {
    server.stop((int) LIMIT.toSeconds());
  }

  private static void atTheEnd(Runnable work) {
    Runtime.getRuntime().addShutdownHook(new Thread(work, "graceful-shutdown"));
  }
}

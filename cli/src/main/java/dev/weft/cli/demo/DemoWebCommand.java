package dev.weft.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.cli.CliException;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The front of the demo in a cluster: for every request it asks the demo application once by
 * HTTP/1.1 and once by gRPC, and answers 200 with both answers, or 502 with what went wrong.
 */
@Command(name = "demo-web", hidden = true, exitCodeOnInvalidInput = 1)
public final class DemoWebCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Option(names = "--instance", required = true, description = "Named in every answer.")
  private String instance = "";

  @Option(names = "--listen", required = true, description = "HTTP port.")
  private int port;

  @Option(names = "--http", required = true, description = "URL asked by HTTP/1.1.")
  private URI httpUrl = URI.create("http://localhost/");

  @Option(names = "--grpc", required = true, description = "HOST:PORT asked by gRPC.")
  private String grpcTarget = "";

  @Override
  public Integer call() throws InterruptedException {
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    ManagedChannel grpc = NettyChannelBuilder.forTarget(grpcTarget).usePlaintext().build();
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/healthz", exchange -> answer(exchange, new Outcome(true, "ok")));
      server.createContext("/", exchange -> answer(exchange, ask(http, grpc)));
      server.start();
      GracefulShutdown.of(server);
      new CountDownLatch(1).await();
      return 0;
    } catch (IOException e) {
      throw new CliException(
          "the demo's front cannot listen on " + port,
          String.valueOf(e.getMessage()),
          "free the port");
    }
  }

  private Outcome ask(HttpClient http, ManagedChannel grpc) {
    try {
      var response =
          http.send(
              HttpRequest.newBuilder(httpUrl).timeout(TIMEOUT).build(), BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        String cause = response.headers().firstValue("l5d-proxy-error").orElse(response.body());
        return new Outcome(false, "HTTP " + response.statusCode() + " " + cause);
      }
      CallOptions options =
          CallOptions.DEFAULT.withDeadlineAfter(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      String said = ClientCalls.blockingUnaryCall(grpc, EchoService.SAY, options, "hello");
      return new Outcome(true, response.body().strip() + "; " + said);
    } catch (IOException e) {
      return new Outcome(false, "HTTP " + e);
    } catch (StatusRuntimeException e) {
      return new Outcome(false, "gRPC " + e.getStatus());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome(false, "interrupted");
    }
  }

  private void answer(HttpExchange exchange, Outcome outcome) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      byte[] body = (instance + ": " + outcome.detail() + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(outcome.ok() ? 200 : 502, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}

package dev.weft.cli.demo;

import com.sun.net.httpserver.HttpServer;
import dev.weft.cli.CliException;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The application of the demo: one HTTP/1.1 and one gRPC server that know nothing of a mesh. */
@Command(name = "demo-app", hidden = true, exitCodeOnInvalidInput = 1)
public final class DemoAppCommand implements Callable<Integer> {
  /** Request header in which the proxy tells the application who calls. */
  private static final String CLIENT_ID = "l5d-client-id";

  @Option(names = "--instance", required = true, description = "Named in every answer.")
  private String instance = "";

  @Option(names = "--http", required = true, description = "HTTP port.")
  private int httpPort;

  @Option(names = "--grpc", required = true, description = "gRPC port.")
  private int grpcPort;

  @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to listen on.")
  private String host = "127.0.0.1";

  @Override
  public Integer call() throws InterruptedException {
    try {
      HttpServer http = HttpServer.create(new InetSocketAddress(host, httpPort), 0);
      http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      http.createContext(
          "/",
          exchange -> {
            try (exchange) {
              exchange.getRequestBody().readAllBytes();
              String client = exchange.getRequestHeaders().getFirst(CLIENT_ID);
              byte[] answer =
                  (instance + " answers " + client + "\n").getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(200, answer.length);
              exchange.getResponseBody().write(answer);
            }
          });
      var grpc =
          NettyServerBuilder.forAddress(new InetSocketAddress(host, grpcPort))
              .addService(EchoService.serve(instance))
              .build()
              .start();
      http.start();
      GracefulShutdown.of(http, grpc);
      grpc.awaitTermination();
      return 0;
    } catch (IOException e) {
      throw new CliException(
          "the demo application cannot listen on " + httpPort + " and " + grpcPort,
          String.valueOf(e.getMessage()),
          "free the ports");
    }
  }
}

package dev.weft.cli.demo;

import dev.weft.cli.standalone.Workload;
import io.grpc.CallOptions;
import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/**
 * The clients of one workload: ordinary HTTP/1.1 and gRPC libraries which know a forward proxy and
 * nothing of a mesh. Thread-safe.
 */
final class Callers implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http;
  private final ManagedChannel channel;
  private final URI httpUrl;

  /**
   * @param from whose outbound proxy is used
   * @param host the server's name
   */
  Callers(Workload from, String host, int httpPort, int grpcPort) {
    int colon = from.outboundAddress().lastIndexOf(':');
    InetSocketAddress proxy =
        new InetSocketAddress(
            from.outboundAddress().substring(0, colon),
            Integer.parseInt(from.outboundAddress().substring(colon + 1)));
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(ProxySelector.of(proxy))
            .connectTimeout(TIMEOUT)
            .build();
    this.httpUrl = URI.create("http://" + host + ":" + httpPort + "/hello");
    this.channel =
        NettyChannelBuilder.forAddress(host, grpcPort)
            .usePlaintext()
            .proxyDetector(
                target ->
                    HttpConnectProxiedSocketAddress.newBuilder()
                        .setProxyAddress(proxy)
                        .setTargetAddress((InetSocketAddress) target)
                        .build())
            .build();
  }

  /** One GET. */
  Outcome http() throws InterruptedException {
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(httpUrl).timeout(TIMEOUT).build(), BodyHandlers.ofString());
      return response.statusCode() == 200
          ? new Outcome(true, response.body().strip())
          : new Outcome(false, (response.statusCode() + " " + response.body()).strip());
    } catch (IOException e) {
      return new Outcome(false, String.valueOf(e));
    }
  }

  /** One unary call. */
  Outcome grpc() {
    try {
      return new Outcome(
          true, ClientCalls.blockingUnaryCall(channel, EchoService.SAY, options(), "hello"));
    } catch (StatusRuntimeException e) {
      return new Outcome(false, e.getStatus().getCode() + " " + e.getStatus().getDescription());
    }
  }

  /** One call that is answered by a stream. */
  Outcome grpcStream() {
    try {
      Iterator<String> answers =
          ClientCalls.blockingServerStreamingCall(channel, EchoService.STREAM, options(), "hello");
      int count = 0;
      String last = "";
      while (answers.hasNext()) {
        last = answers.next();
        count++;
      }
      return new Outcome(count == EchoService.COUNT, count + " messages, the last: " + last);
    } catch (StatusRuntimeException e) {
      return new Outcome(false, e.getStatus().getCode() + " " + e.getStatus().getDescription());
    }
  }

  private static CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    http.shutdownNow();
    channel.shutdownNow();
  }
}

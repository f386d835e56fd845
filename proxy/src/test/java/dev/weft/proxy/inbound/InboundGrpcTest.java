package dev.weft.proxy.inbound;

import static dev.weft.proxy.inbound.InboundFixture.STRANGER;
import static dev.weft.proxy.inbound.InboundFixture.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.policy.inbound.InboundProtocol;
import dev.weft.proxy.transport.TransportHeader.Session;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** gRPC through the proxy: real clients and servers of other make. */
class InboundGrpcTest {
  private static final MethodDescriptor.Marshaller<String> TEXT =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(String value) {
          return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
          try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private static final MethodDescriptor<String, String> SAY =
      method("Say", MethodDescriptor.MethodType.UNARY);
  private static final MethodDescriptor<String, String> WATCH =
      method("Watch", MethodDescriptor.MethodType.SERVER_STREAMING);

  private static MethodDescriptor<String, String> method(
      String name, MethodDescriptor.MethodType type) {
    return MethodDescriptor.newBuilder(TEXT, TEXT)
        .setType(type)
        .setFullMethodName("test.Echo/" + name)
        .build();
  }

  private final Server server;
  private final CompletableFuture<StreamObserver<String>> watcher = new CompletableFuture<>();
  private ManagedChannel channel;

  InboundGrpcTest() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                ServerServiceDefinition.builder("test.Echo")
                    .addMethod(SAY, ServerCalls.asyncUnaryCall(InboundGrpcTest::say))
                    .addMethod(WATCH, ServerCalls.asyncServerStreamingCall(this::watch))
                    .build())
            .build()
            .start();
  }

  private static void say(String request, StreamObserver<String> response) {
    if (request.equals("fail")) {
      response.onError(Status.UNAVAILABLE.withDescription("as asked").asRuntimeException());
      return;
    }
    response.onNext("you said " + request);
    response.onCompleted();
  }

  private void watch(String request, StreamObserver<String> response) {
    response.onNext("first");
    watcher.complete(response);
  }

  @AfterEach
  void close() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  private void connect(InboundFixture fixture, String identity) {
    Bridge bridge = fixture.directBridge(identity, server.getPort(), Session.HTTP_2);
    channel =
        NettyChannelBuilder.forAddress(bridge.address())
            .overrideAuthority("echo.shop:80")
            .usePlaintext()
            .build();
  }

  private String call(String text) {
    return ClientCalls.blockingUnaryCall(
        channel, SAY, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), text);
  }

  @Test
  void allowed_callsAndStatusesPass() throws Exception {
    try (InboundFixture fixture =
        new InboundFixture(Policies.only(new InboundProtocol.Grpc(List.of()), WEB))) {
      connect(fixture, WEB);
      assertThat(call("hello")).isEqualTo("you said hello");
      assertThatThrownBy(() -> call("fail"))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("UNAVAILABLE: as asked");
      await()
          .untilAsserted(
              () ->
                  assertThat(fixture.metrics.print())
                      .containsPattern(
                          "response_total\\{.*status_code=\"200\",classification=\"success\","
                              + "grpc_status=\"0\",error=\"\"} 1")
                      .containsPattern(
                          "response_total\\{.*status_code=\"200\",classification=\"failure\","
                              + "grpc_status=\"14\",error=\"\"} 1")
                      .containsPattern("inbound_grpc_requests_total\\{parent_.*} 2")
                      .containsPattern("inbound_grpc_statuses_total\\{.*,status=\"14\"} 1")
                      // Two messages with their prefixes; it is the client's affair in how many
                      // frames.
                      .containsPattern("inbound_grpc_request_frame_size_bytes_sum\\{.*} 19\\b")
                      .containsPattern("inbound_grpc_response_duration_seconds_count\\{.*} 2"));
      close();
    }
  }

  @Test
  void denied_isPermissionDeniedWithTheReason() throws Exception {
    try (InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      connect(fixture, STRANGER);
      assertThatThrownBy(() -> call("hello"))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
                assertThat(e.getStatus().getDescription())
                    .contains("denied by server/app")
                    .contains("authorizationpolicy/friends: identity not listed");
              });
      close();
    }
  }

  @Test
  void stream_whenThePolicyTakesItsPermission_isEnded() throws Exception {
    try (InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      connect(fixture, WEB);
      Iterator<String> stream =
          ClientCalls.blockingServerStreamingCall(
              channel,
              WATCH,
              CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
              "please");
      assertThat(stream.next()).isEqualTo("first");
      watcher.get(5, TimeUnit.SECONDS).onNext("second");
      assertThat(stream.next()).isEqualTo("second");

      fixture.policies.set(server.getPort(), Policies.only(Policies.detect(), STRANGER));
      assertThatThrownBy(stream::hasNext)
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isNotEqualTo(Status.Code.DEADLINE_EXCEEDED));
      close();
    }
  }
}

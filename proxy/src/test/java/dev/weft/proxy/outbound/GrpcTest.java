package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.testing.BytesMarshaller;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real gRPC client, through CONNECT and the mesh. */
@Timeout(30)
final class GrpcTest {
  private static final MethodDescriptor<byte[], byte[]> ECHO =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("grpc/Echo")
          .setRequestMarshaller(new BytesMarshaller())
          .setResponseMarshaller(new BytesMarshaller())
          .build();

  private final Harness harness =
      new Harness("LINKERD2_PROXY_OUTBOUND_HTTP_FAILFAST_TIMEOUT", "300ms");
  private final TestApp app = new TestApp("api-1");
  private final ManagedChannel channel =
      NettyChannelBuilder.forAddress("api", Harness.PORT)
          .usePlaintext()
          .proxyDetector(
              _ ->
                  HttpConnectProxiedSocketAddress.newBuilder()
                      .setProxyAddress(harness.address())
                      .setTargetAddress(InetSocketAddress.createUnresolved("api", Harness.PORT))
                      .build())
          .build();

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    harness.close();
  }

  @Test
  void call_throughTheMesh_keepsItsTrailers() throws Exception {
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", app)));
    callsWithTrailers();
  }

  @Test
  void call_toPlaintextEndpoint_keepsItsTrailers() throws Exception {
    MeshPeer peer = harness.plain(app, MeshPeer.Plain.HTTP_2);
    harness.service(Endpoint.plain(peer.address()));
    callsWithTrailers();
  }

  private void callsWithTrailers() throws Exception {
    for (int i = 0; i < 20; i++) {
      CompletableFuture<Metadata> trailers = new CompletableFuture<>();
      CompletableFuture<byte[]> answer = new CompletableFuture<>();
      call(channel, new byte[] {1, 2, (byte) i}, answer, trailers);
      assertThat(answer.get(10, TimeUnit.SECONDS)).containsExactly(1, 2, i);
      assertThat(
              trailers
                  .get(10, TimeUnit.SECONDS)
                  .get(Metadata.Key.of("x-echo", Metadata.ASCII_STRING_MARSHALLER)))
          .isEqualTo("done");
    }
  }

  @Test
  void refusal_isAGrpcStatus() {
    harness.service();
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> ClientCalls.blockingUnaryCall(channel, ECHO, CallOptions.DEFAULT, new byte[] {1}))
        .isInstanceOf(StatusRuntimeException.class)
        .satisfies(
            e -> {
              Status status = ((StatusRuntimeException) e).getStatus();
              assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
              assertThat(status.getDescription()).endsWith("service in fail-fast");
            });
  }

  private static void call(
      Channel channel,
      byte[] request,
      CompletableFuture<byte[]> answer,
      CompletableFuture<Metadata> trailers) {
    ClientCall<byte[], byte[]> call = channel.newCall(ECHO, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(byte[] message) {
            answer.complete(message);
          }

          @Override
          public void onClose(Status status, Metadata metadata) {
            if (status.isOk()) {
              trailers.complete(metadata);
            } else {
              answer.completeExceptionally(status.asException());
              trailers.completeExceptionally(status.asException());
            }
          }
        },
        new Metadata());
    call.sendMessage(request);
    call.halfClose();
    call.request(2);
  }
}

package dev.weft.proxy.outbound;

import dev.weft.proxy.testing.BytesMarshaller;
import io.grpc.CallOptions;
import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Unary calls of a real gRPC client, through CONNECT. */
final class GrpcCalls {
  private GrpcCalls() {}

  /** Calls {@code service/method} of {@code api:8080} once and returns the answer. */
  static byte[] echo(Harness harness, String method, byte[] request) throws InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("api", Harness.PORT)
            .usePlaintext()
            .disableRetry()
            .proxyDetector(
                _ ->
                    HttpConnectProxiedSocketAddress.newBuilder()
                        .setProxyAddress(harness.address())
                        .setTargetAddress(InetSocketAddress.createUnresolved("api", Harness.PORT))
                        .build())
            .build();
    try {
      MethodDescriptor<byte[], byte[]> descriptor =
          MethodDescriptor.<byte[], byte[]>newBuilder()
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(method)
              .setRequestMarshaller(new BytesMarshaller())
              .setResponseMarshaller(new BytesMarshaller())
              .build();
      return ClientCalls.blockingUnaryCall(
          channel,
          descriptor,
          CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
          request);
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }
}

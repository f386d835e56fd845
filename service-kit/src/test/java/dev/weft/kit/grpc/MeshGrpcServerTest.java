package dev.weft.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weft.api.identity.CertifyRequest;
import dev.weft.api.identity.CertifyResponse;
import dev.weft.api.identity.IdentityGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeshGrpcServerTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void call_answered_isCountedUnderTheNamesOfTheContract() throws Exception {
    try (MeshGrpcServer server = start(0)) {
      ManagedChannel channel = plaintext(server.port());
      try {
        var stub = IdentityGrpc.newBlockingStub(channel);
        assertThat(
                stub.certify(CertifyRequest.getDefaultInstance())
                    .getLeafCertificate()
                    .toStringUtf8())
            .isEqualTo("leaf");
        assertThatThrownBy(
                () -> stub.certify(CertifyRequest.newBuilder().setIdentity("refuse").build()))
            .isInstanceOf(StatusRuntimeException.class);
      } finally {
        channel.shutdownNow();
      }
    }
    assertThat(count("grpc.server.started")).isEqualTo(2);
    assertThat(count("grpc.server.msg.received")).isEqualTo(2);
    assertThat(count("grpc.server.msg.sent")).isEqualTo(1);
    assertThat(count("grpc.server.handled", "grpc_code", "OK")).isEqualTo(1);
    assertThat(count("grpc.server.handled", "grpc_code", "FailedPrecondition")).isEqualTo(1);
    assertThat(
            registry
                .get("grpc.server.handling")
                .tags(
                    "grpc_type",
                    "unary",
                    "grpc_service",
                    "io.linkerd.proxy.identity.Identity",
                    "grpc_method",
                    "Certify")
                .timer()
                .count())
        .isEqualTo(2);
  }

  @Test
  void message_overTheLimit_isRefusedAndTheConnectionLives() throws Exception {
    try (MeshGrpcServer server = start(0)) {
      ManagedChannel channel = plaintext(server.port());
      try {
        var stub = IdentityGrpc.newBlockingStub(channel);
        CertifyRequest large =
            CertifyRequest.newBuilder().setToken(ByteString.copyFrom(new byte[300_000])).build();
        assertThatThrownBy(() -> stub.certify(large))
            .isInstanceOfSatisfying(
                StatusRuntimeException.class,
                e ->
                    assertThat(e.getStatus().getCode())
                        .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED));
        assertThat(
                stub.certify(CertifyRequest.getDefaultInstance())
                    .getLeafCertificate()
                    .toStringUtf8())
            .isEqualTo("leaf");
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void port_taken_isNamedWithTheFix() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start(taken.getLocalPort()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("weft.grpc.port");
    }
  }

  private MeshGrpcServer start(int port) throws IOException {
    return MeshGrpcServer.start(
        GrpcServerSettings.loopback(port),
        List.of(new Echo()),
        List.of(new GrpcServerMetrics(registry)),
        Optional.empty());
  }

  private double count(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }

  private static ManagedChannel plaintext(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  private static final class Echo extends IdentityGrpc.IdentityImplBase {
    @Override
    public void certify(CertifyRequest request, StreamObserver<CertifyResponse> observer) {
      if (request.getIdentity().equals("refuse")) {
        observer.onError(Status.FAILED_PRECONDITION.asRuntimeException());
        return;
      }
      observer.onNext(
          CertifyResponse.newBuilder().setLeafCertificate(ByteString.copyFromUtf8("leaf")).build());
      observer.onCompleted();
    }
  }
}

package dev.weft.kit.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weft.api.identity.CertifyRequest;
import dev.weft.api.identity.CertifyResponse;
import dev.weft.api.identity.IdentityGrpc;
import dev.weft.kit.grpc.GrpcServerSettings;
import dev.weft.kit.grpc.MeshGrpcServer;
import dev.weft.kit.tls.TestPki.Pair;
import dev.weft.kit.tls.TestPki.Spec;
import dev.weft.pki.TrustAnchors;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service gets its leaf over real gRPC and real mesh TLS. */
class CertifyClientTest {
  private static final String IDENTITY_SERVICE =
      "linkerd-identity.linkerd.serviceaccount.identity.linkerd.cluster.local";

  private final TestSource authority = new TestSource(Clock.systemUTC());
  private final FakeIdentity identity = new FakeIdentity();
  @TempDir Path directory;
  private Path tokenFile;
  private MeshGrpcServer server;
  private int port;

  @BeforeEach
  void serve() throws Exception {
    tokenFile = directory.resolve("token");
    Files.writeString(tokenFile, "first");
    MeshServerTls tls = new MeshServerTls(authority.anchors(), Clock.systemUTC());
    Pair leaf = TestPki.leaf(authority.root, Spec.authority("identity"), IDENTITY_SERVICE);
    tls.install(new Credentials(leaf.keys().getPrivate(), List.of(leaf.certificate())));
    server =
        MeshGrpcServer.start(
            GrpcServerSettings.loopback(0), List.of(identity), List.of(), Optional.of(tls));
    port = server.port();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void leaf_isObtainedAndRenewedWithAFreshTokenEachTime() throws Exception {
    List<Credentials> installed = new ArrayList<>();
    try (CertificateKeeper keeper = keeper(client(IDENTITY_SERVICE), installed)) {
      keeper.attempt();
      Files.writeString(tokenFile, "second");
      keeper.attempt();
      assertThat(keeper.error()).isEmpty();
    }
    assertThat(installed).hasSize(2);
    assertThat(identity.tokens).containsExactly("first", "second");
  }

  @Test
  void identityService_ofAnotherName_isNotSentTheToken() {
    assertThatThrownBy(() -> client("somebody.else").certify(csr()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not name 'somebody.else'");
    assertThat(identity.tokens).isEmpty();
  }

  @Test
  void identityService_ofAnotherAuthority_isNotSentTheToken() {
    CertifyClient client =
        client(IDENTITY_SERVICE, new TrustAnchors(List.of(TestPki.root("root").certificate())));
    assertThatThrownBy(() -> client.certify(csr())).isInstanceOf(IOException.class);
    assertThat(identity.tokens).isEmpty();
  }

  @Test
  void refusal_isReportedWithItsReason() {
    identity.refusal = Status.FAILED_PRECONDITION.withDescription("the token expired");
    assertThatThrownBy(() -> client(IDENTITY_SERVICE).certify(csr()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("FAILED_PRECONDITION: the token expired");
  }

  @Test
  void identityService_down_isReportedWithItsAddress() {
    server.close();
    assertThatThrownBy(() -> client(IDENTITY_SERVICE).certify(csr()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("identity service 127.0.0.1:" + port);
  }

  @Test
  void tokenFile_missing_isNamed() throws Exception {
    Files.delete(tokenFile);
    assertThatThrownBy(() -> client(IDENTITY_SERVICE).certify(csr()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(tokenFile.toString())
        .hasMessageContaining("weft.grpc.tls.token-file");
  }

  private static byte[] csr() {
    return KeyRequest.generate(TestSource.IDENTITY).csr();
  }

  private CertifyClient client(String name) {
    return client(name, authority.anchors());
  }

  private CertifyClient client(String name, TrustAnchors anchors) {
    return new CertifyClient(
        new CertifyClient.Target("127.0.0.1:" + port, name),
        TestSource.IDENTITY,
        tokenFile,
        anchors,
        Clock.systemUTC());
  }

  private static CertificateKeeper keeper(CertificateSource source, List<Credentials> installed) {
    return new CertificateKeeper(
        source,
        installed::add,
        new CertificateKeeper.Listener() {
          @Override
          public void certified(Credentials credentials, Instant renewal) {}

          @Override
          public void failed(String cause, Duration pause) {}
        },
        Clock.systemUTC(),
        new SecureRandom());
  }

  /** Signs with the test authority and notes the tokens. */
  private final class FakeIdentity extends IdentityGrpc.IdentityImplBase {
    final List<String> tokens = new ArrayList<>();
    @Nullable Status refusal;

    @Override
    public void certify(CertifyRequest request, StreamObserver<CertifyResponse> observer) {
      tokens.add(request.getToken().toStringUtf8());
      if (refusal != null) {
        observer.onError(refusal.asRuntimeException());
        return;
      }
      try {
        byte[] leaf =
            authority
                .certify(request.getCertificateSigningRequest().toByteArray())
                .getFirst()
                .getEncoded();
        observer.onNext(
            CertifyResponse.newBuilder().setLeafCertificate(ByteString.copyFrom(leaf)).build());
        observer.onCompleted();
      } catch (IOException | CertificateEncodingException e) {
        observer.onError(e);
      }
    }
  }
}

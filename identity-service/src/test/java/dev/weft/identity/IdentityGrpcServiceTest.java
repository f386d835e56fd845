package dev.weft.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.api.identity.CertifyRequest;
import dev.weft.api.identity.CertifyResponse;
import dev.weft.identity.attest.Attestation;
import dev.weft.identity.attest.Attestor;
import dev.weft.identity.issue.Certification;
import dev.weft.identity.issue.IssuerKeeper;
import dev.weft.identity.issue.LeafSigner;
import dev.weft.kit.events.ClusterEvent;
import dev.weft.kit.events.EventSubject;
import dev.weft.kit.tls.StepClock;
import dev.weft.kit.tls.TestPki;
import dev.weft.kit.tls.TestPki.Pair;
import dev.weft.kit.tls.TestPki.Spec;
import dev.weft.mesh.IdentityNames;
import dev.weft.pki.TrustAnchors;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The answers that depend on the state of the service itself. */
class IdentityGrpcServiceTest {
  private static final String WEB = IdentityNames.defaults().of("shop", "web");

  private final StepClock clock = new StepClock(Instant.now());
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<ClusterEvent> events = new ArrayList<>();
  private final Pair root = TestPki.root("root");
  private Attestation attestation = new Attestation.Authenticated("system:serviceaccount:shop:web");
  @TempDir Path directory;
  private IssuerKeeper issuers;
  private IdentityGrpcService service;

  @BeforeEach
  void build() {
    IdentityReport report =
        new IdentityReport(
            new IdentityEvents(events::add, IdentityNames.defaults()), meters, clock);
    issuers =
        new IssuerKeeper(
            directory, "auto", new TrustAnchors(List.of(root.certificate())), clock, report);
    Attestor attestor =
        new Attestor() {
          @Override
          public Attestation attest(byte[] token) {
            return attestation;
          }

          @Override
          public Health health() {
            return new Health(true, true, "fake");
          }
        };
    Certification certification =
        new Certification(
            IdentityNames.defaults(),
            issuers,
            attestor,
            new LeafSigner(Duration.ofHours(24), Duration.ofSeconds(20), clock, new SecureRandom()),
            clock);
    service = new IdentityGrpcService(certification, report);
  }

  @Test
  void issuer_missing_isUnavailable() {
    issuers.poll();
    assertThat(certify().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void issuer_expired_isUnknownWithAnEvent() throws Exception {
    loadIssuer();
    clock.step(Duration.ofDays(400));
    assertThat(certify().getCode()).isEqualTo(Status.Code.UNKNOWN);
    assertThat(events.getLast().reason()).isEqualTo("IssuerValidationFailed");
    assertThat(events.getLast().severity()).isEqualTo(ClusterEvent.Severity.WARNING);
    assertThat(events.getLast().about())
        .isEqualTo(EventSubject.deployment("linkerd", "linkerd-identity"));
    assertThat(meters.get("issuer.cert.ttl").gauge().value()).isNegative();
  }

  @Test
  void attestor_unreachable_isInternal() throws Exception {
    loadIssuer();
    attestation = new Attestation.Unavailable("timeout");
    assertThat(certify().getCode()).isEqualTo(Status.Code.INTERNAL);
  }

  @Test
  void issuance_isToldWithTheDigestOfTheLeaf() throws Exception {
    loadIssuer();
    assertThat(certify().isOk()).isTrue();
    ClusterEvent event = events.getLast();
    assertThat(event.about()).isEqualTo(EventSubject.serviceAccount("shop", "web"));
    assertThat(event.severity()).isEqualTo(ClusterEvent.Severity.NORMAL);
    assertThat(event.reason()).isEqualTo("IssuedLeafCertificate");
    assertThat(event.message()).contains(WEB).containsPattern("[0-9a-f]{64}");
  }

  @Test
  void issuer_replaced_isToldOfTheDeployment() throws Exception {
    loadIssuer();
    assertThat(events).isEmpty();
    loadIssuer();
    assertThat(events).singleElement().extracting(ClusterEvent::reason).isEqualTo("IssuerUpdated");
  }

  @Test
  void issuer_badReload_isCountedToldAndKept() throws Exception {
    loadIssuer();
    Files.writeString(directory.resolve("key.pem"), "garbage");
    issuers.poll();
    assertThat(events.getLast().reason()).isEqualTo("IssuerUpdateSkipped");
    assertThat(events.getLast().severity()).isEqualTo(ClusterEvent.Severity.WARNING);
    assertThat(
            meters
                .get("weft.identity.issuer.reloads")
                .tag("result", "error")
                .functionCounter()
                .count())
        .isEqualTo(1);
    assertThat(certify().isOk()).isTrue();
  }

  private void loadIssuer() throws Exception {
    Pair issuer = TestPki.signed(root, Spec.authority("issuer"));
    Files.writeString(directory.resolve("crt.pem"), issuer.certificatePem());
    Files.writeString(directory.resolve("key.pem"), issuer.keyPem());
    issuers.poll();
  }

  private Status certify() {
    Outcome outcome = new Outcome();
    service.certify(
        CertifyRequest.newBuilder()
            .setIdentity(WEB)
            .setToken(ByteString.copyFromUtf8("token"))
            .setCertificateSigningRequest(
                ByteString.copyFrom(TestPki.workloadCsr(TestPki.ec("secp256r1"), WEB)))
            .build(),
        outcome);
    return outcome.status == null ? Status.UNKNOWN.withDescription("no answer") : outcome.status;
  }

  /** How the call ended. */
  private static final class Outcome implements StreamObserver<CertifyResponse> {
    @Nullable Status status;

    @Override
    public void onNext(CertifyResponse response) {}

    @Override
    public void onError(Throwable error) {
      status = Status.fromThrowable(error);
    }

    @Override
    public void onCompleted() {
      status = Status.OK;
    }
  }
}

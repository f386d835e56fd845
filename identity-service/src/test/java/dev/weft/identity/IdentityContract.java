package dev.weft.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.weft.api.identity.CertifyRequest;
import dev.weft.api.identity.CertifyResponse;
import dev.weft.api.identity.IdentityGrpc;
import dev.weft.identity.standalone.StandaloneDirectory;
import dev.weft.kit.tls.TestPki;
import dev.weft.mesh.IdentityNames;
import dev.weft.pki.PemCertificates;
import dev.weft.pki.TrustAnchors;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the whole service, standalone, answers over real gRPC: every answer with the status of the
 * contract. Held by the application in the JVM of the test, and by the packaged program.
 */
abstract class IdentityContract {
  private static final String WEB = IdentityNames.defaults().of("shop", "web");

  private final KeyPair keys = TestPki.ec("secp256r1");
  private ManagedChannel channel;
  private StandaloneDirectory state;

  /** The port of the service, which listens in plaintext. */
  abstract int port();

  /** Its admin endpoints. */
  abstract URI admin();

  /** Its standalone directory. */
  abstract StandaloneDirectory directory();

  @BeforeEach
  void connect() {
    state = directory();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port()).usePlaintext().build();
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  @Test
  void workload_withItsToken_getsAChainToTheAnchors() throws Exception {
    CertifyResponse response = certify(request(token(claims())));
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(PemCertificates.ofDer(response.getLeafCertificate().toByteArray()));
    for (ByteString intermediate : response.getIntermediateCertificatesList()) {
      chain.add(PemCertificates.ofDer(intermediate.toByteArray()));
    }
    TrustAnchors.read(state.trustAnchors()).verify(chain, Instant.now());
    assertThat(chain.getFirst().getPublicKey()).isEqualTo(keys.getPublic());
    assertThat(response.getValidUntil().getSeconds())
        .isEqualTo(chain.getFirst().getNotAfter().toInstant().getEpochSecond());
  }

  @Test
  void fields_empty_areInvalidArgument() {
    assertRefused(Status.Code.INVALID_ARGUMENT, CertifyRequest.getDefaultInstance());
    assertRefused(
        Status.Code.INVALID_ARGUMENT, request(token(claims())).toBuilder().clearIdentity().build());
    assertRefused(
        Status.Code.INVALID_ARGUMENT, request(token(claims())).toBuilder().clearToken().build());
  }

  @Test
  void csr_garbage_isInvalidArgument() {
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        request(token(claims())).toBuilder()
            .setCertificateSigningRequest(ByteString.copyFromUtf8("garbage"))
            .build());
  }

  @Test
  void csr_forAnotherIdentity_isFailedPrecondition() {
    assertRefused(
        Status.Code.FAILED_PRECONDITION,
        request(token(claims())).toBuilder()
            .setCertificateSigningRequest(
                ByteString.copyFrom(
                    TestPki.workloadCsr(keys, IdentityNames.defaults().of("shop", "admin"))))
            .build());
  }

  @Test
  void csr_withExtraNames_isFailedPrecondition() {
    assertRefused(
        Status.Code.FAILED_PRECONDITION,
        request(token(claims())).toBuilder()
            .setCertificateSigningRequest(
                ByteString.copyFrom(
                    TestPki.csr(keys, "CN=" + WEB, TestPki.dns(WEB, "more.example"))))
            .build());
  }

  @Test
  void csr_rsa_isInternal() {
    assertRefused(
        Status.Code.INTERNAL,
        request(token(claims())).toBuilder()
            .setCertificateSigningRequest(
                ByteString.copyFrom(TestPki.workloadCsr(TestPki.rsa(2_048), WEB)))
            .build());
  }

  @Test
  void token_ofAnotherAccount_isFailedPrecondition() {
    assertRefused(Status.Code.FAILED_PRECONDITION, request(token(Tokens.claims("shop", "voting"))));
  }

  @Test
  void token_garbage_isInvalidArgument() {
    assertRefused(Status.Code.INVALID_ARGUMENT, request("garbage"));
  }

  @Test
  void token_expired_isFailedPrecondition() {
    assertRefused(
        Status.Code.FAILED_PRECONDITION,
        request(token(claims().expirationTime(in(Duration.ofMinutes(-1))))));
  }

  @Test
  void token_notYetValid_isFailedPrecondition() {
    assertRefused(
        Status.Code.FAILED_PRECONDITION,
        request(token(claims().notBeforeTime(in(Duration.ofMinutes(1))))));
  }

  @Test
  void token_forAnotherAudience_isFailedPrecondition() {
    assertRefused(Status.Code.FAILED_PRECONDITION, request(token(claims().audience("vault"))));
  }

  @Test
  void token_forged_isFailedPrecondition() {
    String good = token(claims());
    char last = good.charAt(good.length() - 3);
    String forged =
        good.substring(0, good.length() - 3)
            + (last == 'A' ? 'B' : 'A')
            + good.substring(good.length() - 2);
    assertRefused(Status.Code.FAILED_PRECONDITION, request(forged));
  }

  @Test
  void message_oversized_isRefusedAndTheNextIsServed() {
    CertifyRequest large =
        request(token(claims())).toBuilder()
            .setToken(ByteString.copyFrom(new byte[1 << 20]))
            .build();
    StatusRuntimeException refusal =
        catchThrowableOfType(StatusRuntimeException.class, () -> certify(large));
    assertThat(refusal.getStatus().getCode())
        .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
    assertThat(certify(request(token(claims()))).getLeafCertificate().isEmpty()).isFalse();
  }

  @Test
  void metrics_tellTheIssuersLifeAndTheRefusals() throws Exception {
    assertRefused(Status.Code.INVALID_ARGUMENT, request("garbage"));
    String metrics = get("metrics");
    assertThat(metrics)
        .containsPattern("(?m)^issuer_cert_ttl_seconds 3\\.1\\d+E8$")
        .containsPattern("(?m)^weft_identity_refusals_total\\{reason=\"bad_token\"} [1-9]")
        .containsPattern("(?m)^weft_identity_issuer_reloads_total\\{result=\"ok\"} 1\\.0$");
  }

  @Test
  void readiness_namesIssuerAndAttestor() throws Exception {
    assertThat(get("q/health/ready"))
        .contains("\"issuer\": \"CN=identity.linkerd.cluster.local\"")
        .contains("1 keys read at");
    assertThat(get("ready")).isEqualTo("ok\n");
  }

  private void assertRefused(Status.Code code, CertifyRequest request) {
    StatusRuntimeException refusal =
        catchThrowableOfType(StatusRuntimeException.class, () -> certify(request));
    assertThat(refusal).as("a refusal").isNotNull();
    assertThat(refusal.getStatus().getCode())
        .as(refusal.getStatus().getDescription())
        .isEqualTo(code);
    assertThat(refusal.getStatus().getDescription()).contains("cause: ").contains("fix: ");
  }

  private CertifyResponse certify(CertifyRequest request) {
    return IdentityGrpc.newBlockingStub(channel)
        .withDeadlineAfter(Duration.ofSeconds(10))
        .certify(request);
  }

  private CertifyRequest request(String token) {
    return CertifyRequest.newBuilder()
        .setIdentity(WEB)
        .setToken(ByteString.copyFromUtf8(token))
        .setCertificateSigningRequest(ByteString.copyFrom(TestPki.workloadCsr(keys, WEB)))
        .build();
  }

  private static JWTClaimsSet.Builder claims() {
    return Tokens.claims("shop", "web");
  }

  private String token(JWTClaimsSet.Builder claims) {
    return Tokens.mint(state, claims.build());
  }

  private static Date in(Duration offset) {
    return Date.from(Instant.now().plus(offset));
  }

  private String get(String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(admin().resolve(path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}

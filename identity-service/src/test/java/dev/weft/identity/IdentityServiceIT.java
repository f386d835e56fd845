package dev.weft.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.weft.api.identity.CertifyRequest;
import dev.weft.api.identity.CertifyResponse;
import dev.weft.api.identity.IdentityGrpc;
import dev.weft.identity.standalone.StandaloneDirectory;
import dev.weft.kit.events.FakeApiServer;
import dev.weft.kit.process.ServiceProcess;
import dev.weft.kit.tls.TestPki;
import dev.weft.kit.tls.TestPki.Pair;
import dev.weft.kit.tls.TestPki.Spec;
import dev.weft.kit.tls.TlsTunnel;
import dev.weft.mesh.IdentityNames;
import dev.weft.pki.PemCertificates;
import dev.weft.pki.TrustAnchors;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program, JVM or native, as a workload meets it: mesh TLS, restarts, bad starts. */
class IdentityServiceIT {
  private static final IdentityNames NAMES = IdentityNames.defaults();
  private static final String WEB = NAMES.of("shop", "web");
  private static final String WARNING_OF_THE_JVM = "WARNING: ";

  @TempDir Path temp;
  private StandaloneDirectory state;

  @BeforeEach
  void name() {
    state = new StandaloneDirectory(temp.resolve("mesh"));
  }

  @Test
  void workload_withASelfMintedToken_isCertifiedOverMeshTls() throws Exception {
    try (ServiceProcess service = start()) {
      service.awaitReady();
      assertCertifies(service);
      assertThat(service.get("/metrics"))
          .containsPattern("(?m)^weft_tls_certificate_expiration_timestamp_seconds 1\\.\\d+E9$")
          .containsPattern("(?m)^weft_tls_certificate_renewals_total\\{result=\"ok\"} 1\\.0$")
          .containsPattern("(?m)^weft_identity_issuer_reloads_total\\{result=\"ok\"} 1\\.0$")
          .containsPattern("(?m)^issuer_cert_ttl_seconds \\S+$")
          .containsPattern("(?m)^grpc_server_handled_total\\{grpc_code=\"OK\",\\S+ 1\\.0$");
      assertThat(service.get("/q/health/ready")).contains("\"notAfter\"");
    }
  }

  @Test
  void service_killedAndRestarted_issuesUnderTheSameAnchors() throws Exception {
    String anchors;
    try (ServiceProcess service = start()) {
      service.awaitReady();
      anchors = Files.readString(state.trustAnchors());
      service.kill();
    }
    try (ServiceProcess service = start()) {
      service.awaitReady();
      assertThat(Files.readString(state.trustAnchors())).isEqualTo(anchors);
      assertCertifies(service);
    }
  }

  @Test
  void ownLeaf_ofAFewSeconds_isRenewedBeforeItExpires() throws Exception {
    try (ServiceProcess service =
        start("weft.identity.issuance-lifetime=4S", "weft.identity.clock-skew-allowance=1S")) {
      service.awaitReady();
      X509Certificate first = shownLeaf(service);
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      X509Certificate next = first;
      while (next.equals(first) && System.nanoTime() < deadline) {
        next = shownLeaf(service);
      }
      assertThat(next).isNotEqualTo(first);
      assertThat(Instant.now()).isBefore(first.getNotAfter().toInstant());
    }
  }

  @Test
  void cluster_isServedWithTokenReviewAndEvents() throws Exception {
    Pair root = TestPki.root("root");
    Pair issuer = TestPki.signed(root, Spec.authority("issuer"));
    Path anchors = Files.writeString(temp.resolve("ca-bundle.crt"), root.certificatePem());
    Files.writeString(temp.resolve("tls.crt"), issuer.certificatePem());
    Files.writeString(temp.resolve("tls.key"), issuer.keyPem());
    try (FakeApiServer apiServer = new FakeApiServer();
        ServiceProcess service =
            ServiceProcess.start(
                temp.resolve("log"),
                "weft.identity.trust-anchors-file=" + anchors,
                "weft.identity.issuer.directory=" + temp,
                "quarkus.kubernetes-client.api-server-url=" + apiServer.url())) {
      service.awaitReady();
      apiServer.answerReview(
          201,
          """
          {"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","spec":{},
           "status":{"authenticated":true,"user":{"username":"system:serviceaccount:shop:web"}}}
          """);
      CertifyResponse response =
          certify(
              service.port(),
              CertifyRequest.newBuilder()
                  .setIdentity(WEB)
                  .setToken(ByteString.copyFromUtf8("token"))
                  .setCertificateSigningRequest(
                      ByteString.copyFrom(TestPki.workloadCsr(TestPki.ec("secp256r1"), WEB)))
                  .build());
      PemCertificates.ofDer(response.getLeafCertificate().toByteArray())
          .verify(issuer.certificate().getPublicKey());
      Pair next = TestPki.signed(root, Spec.authority("next"));
      Files.writeString(temp.resolve("tls.key"), next.keyPem());
      Files.writeString(temp.resolve("tls.crt"), next.certificatePem());
      await()
          .untilAsserted(
              () ->
                  assertThat(apiServer.requests())
                      .extracting(FakeApiServer.Request::body)
                      .anySatisfy(body -> assertThat(body).contains("IssuerUpdated"))
                      .anySatisfy(body -> assertThat(body).contains("IssuedLeafCertificate")));
    }
  }

  @Test
  void key_unknown_endsTheStartNamingIt() throws Exception {
    try (ServiceProcess service = start("weft.identity.trust-domian=example.org")) {
      assertThat(service.awaitExit()).isNotZero();
      assertThat(service.log()).contains("weft.identity.trust-domian");
    }
  }

  @Test
  void directory_damaged_endsTheStartWithTheFix() throws Exception {
    try (ServiceProcess service = start()) {
      service.awaitReady();
    }
    Files.delete(state.trustAnchors());
    try (ServiceProcess service = start()) {
      assertThat(service.awaitExit()).isNotZero();
      assertThat(service.log())
          .contains("it is incomplete, missing [" + state.trustAnchors() + "]")
          .contains("fix: restore the missing files");
    }
  }

  /** The variable is the one that the chart sets by {@code controllerLogFormat: json}. */
  @Test
  void log_asJson_isAnObjectPerLine() throws Exception {
    try (ServiceProcess service =
        ServiceProcess.start(
            temp.resolve("log"),
            "weft.grpc",
            Map.of("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true"),
            List.of("weft.identity.standalone-directory=" + state.directory()))) {
      service.awaitReady();
      List<String> lines =
          service.log().lines().filter(line -> !line.startsWith(WARNING_OF_THE_JVM)).toList();
      assertThat(lines).isNotEmpty();
      for (String line : lines) {
        assertThat(JSONObjectUtils.parse(line))
            .containsKeys("timestamp", "level", "loggerName", "message");
      }
    }
  }

  private ServiceProcess start(String... more) throws Exception {
    List<String> properties = new ArrayList<>(List.of(more));
    properties.add("weft.identity.standalone-directory=" + state.directory());
    properties.add("weft.grpc.tls.enabled=true");
    return ServiceProcess.start(temp.resolve("log"), properties.toArray(String[]::new));
  }

  private TlsTunnel tunnel(ServiceProcess service) throws Exception {
    return new TlsTunnel(
        service.port(),
        TrustAnchors.read(state.trustAnchors()),
        NAMES.identityService(),
        null,
        "TLSv1.3");
  }

  private void assertCertifies(ServiceProcess service) throws Exception {
    KeyPair keys = TestPki.ec("secp256r1");
    CertifyRequest request =
        CertifyRequest.newBuilder()
            .setIdentity(WEB)
            .setToken(
                ByteString.copyFromUtf8(Tokens.mint(state, Tokens.claims("shop", "web").build())))
            .setCertificateSigningRequest(ByteString.copyFrom(TestPki.workloadCsr(keys, WEB)))
            .build();
    try (TlsTunnel tunnel = tunnel(service)) {
      CertifyResponse response = certify(tunnel.port(), request);
      List<X509Certificate> chain = new ArrayList<>();
      chain.add(PemCertificates.ofDer(response.getLeafCertificate().toByteArray()));
      for (ByteString intermediate : response.getIntermediateCertificatesList()) {
        chain.add(PemCertificates.ofDer(intermediate.toByteArray()));
      }
      TrustAnchors.read(state.trustAnchors()).verify(chain, Instant.now());
      assertThat(chain.getFirst().getPublicKey()).isEqualTo(keys.getPublic());
    }
  }

  /** An empty request is refused, but only after the handshake. */
  private X509Certificate shownLeaf(ServiceProcess service) throws Exception {
    try (TlsTunnel tunnel = tunnel(service)) {
      try {
        certify(tunnel.port(), CertifyRequest.getDefaultInstance());
      } catch (StatusRuntimeException _) {
        // As meant.
      }
      assertThat(tunnel.failures).isEmpty();
      return tunnel.seen.getFirst();
    }
  }

  private static CertifyResponse certify(int port, CertifyRequest request) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      return IdentityGrpc.newBlockingStub(channel)
          .withDeadlineAfter(Duration.ofSeconds(10))
          .certify(request);
    } finally {
      channel.shutdownNow();
    }
  }
}

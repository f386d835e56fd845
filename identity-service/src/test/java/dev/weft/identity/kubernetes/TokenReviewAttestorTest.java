package dev.weft.identity.kubernetes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.identity.attest.Attestation;
import dev.weft.kit.events.FakeApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenReviewAttestorTest {
  private FakeApiServer apiServer;
  private KubernetesClient client;
  private TokenReviewAttestor attestor;

  @BeforeEach
  void start() throws Exception {
    apiServer = new FakeApiServer();
    client = apiServer.client();
    attestor = new TokenReviewAttestor(client, "identity.l5d.io");
  }

  @AfterEach
  void stop() {
    client.close();
    apiServer.close();
  }

  @Test
  void token_accepted_isAuthenticatedAsItsUser() {
    review("{\"authenticated\":true,\"user\":{\"username\":\"system:serviceaccount:a:b\"}}");
    assertThat(attest()).isEqualTo(new Attestation.Authenticated("system:serviceaccount:a:b"));
    assertThat(apiServer.requests()).hasSize(1);
    FakeApiServer.Request request = apiServer.requests().getFirst();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/apis/authentication.k8s.io/v1/tokenreviews");
    assertThat(request.body())
        .contains("\"token\":\"the-token\"")
        .contains("\"audiences\":[\"identity.l5d.io\"]");
  }

  @Test
  void token_notAuthenticated_isRejected() {
    review("{\"authenticated\":false}");
    assertThat(attest()).isInstanceOf(Attestation.Rejected.class);
  }

  @Test
  void token_withStatusError_isMalformed() {
    review("{\"error\":\"[invalid bearer token]\"}");
    assertThat(attest()).isEqualTo(new Attestation.Malformed("[invalid bearer token]"));
  }

  @Test
  void audience_unknownToTheApiServer_isReviewedAgainWithoutOne() {
    review("{\"error\":\"token audiences [\\\"x\\\"] is invalid for the target audiences\"}");
    review("{\"authenticated\":true,\"user\":{\"username\":\"system:serviceaccount:a:b\"}}");
    assertThat(attest()).isInstanceOf(Attestation.Authenticated.class);
    assertThat(apiServer.requests().get(1).body()).doesNotContain("identity.l5d.io");
  }

  @Test
  void audience_refusedTwice_isMalformed() {
    review("{\"error\":\"token audiences are wrong\"}");
    review("{\"error\":\"token audiences are wrong\"}");
    assertThat(attest()).isInstanceOf(Attestation.Malformed.class);
  }

  @Test
  void apiServer_forbids_isUnavailable() {
    apiServer.answerReview(
        403,
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"no\",\"code\":403}");
    assertThat(attest()).isInstanceOf(Attestation.Unavailable.class);
    assertThat(attestor.health().answering()).isFalse();
    assertThat(attestor.health().detail())
        .startsWith("token review failed")
        .endsWith("fix: let this service create tokenreviews.authentication.k8s.io");
  }

  @Test
  void apiServer_hasTooMuchToDo_isUnavailableAndNamed() {
    apiServer.answerReview(
        429,
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"too many requests\",\"code\":429}");
    assertThat(attest()).isInstanceOf(Attestation.Unavailable.class);
    assertThat(attestor.health().detail())
        .contains("too many requests", "fix: give the API server room");

    review("{\"authenticated\":false}");
    attest();
    assertThat(attestor.health().answering()).as("once it answers again").isTrue();
  }

  @Test
  void apiServer_gone_isUnavailable() {
    apiServer.close();
    assertThat(attest()).isInstanceOf(Attestation.Unavailable.class);
  }

  @Test
  void apiServer_withoutStatus_isUnavailable() {
    apiServer.answerReview(
        201, "{\"kind\":\"TokenReview\",\"apiVersion\":\"authentication.k8s.io/v1\"}");
    assertThat(attest()).isInstanceOf(Attestation.Unavailable.class);
  }

  private void review(String status) {
    apiServer.answerReview(
        201,
        "{\"kind\":\"TokenReview\",\"apiVersion\":\"authentication.k8s.io/v1\",\"spec\":{},\"status\":"
            + status
            + "}");
  }

  private Attestation attest() {
    return attestor.attest("the-token".getBytes(US_ASCII));
  }
}

package dev.weft.kit.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol of reviews. */
class AdmissionReviewsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v1beta1"})
  void review_ofEitherVersion_comesBackWithAResponse(String version) throws Exception {
    String review =
        """
        {"apiVersion":"admission.k8s.io/%s","kind":"AdmissionReview","unknown":[1],
         "request":{"uid":"u1","kind":{"group":"","version":"v1","kind":"Pod"},"namespace":"shop",
                    "operation":"CREATE","object":{"metadata":{"name":"a"}},"dryRun":true}}
        """
            .formatted(version);

    JsonNode answer =
        answer(
            review,
            request -> {
              assertThat(request.kind()).isEqualTo("Pod");
              assertThat(request.namespace()).isEqualTo("shop");
              assertThat(request.operation()).isEqualTo("CREATE");
              assertThat(request.dryRun()).isTrue();
              assertThat(request.object().at("/metadata/name").asText()).isEqualTo("a");
              return AdmissionVerdict.patch("[]", List.of("mind the gap"));
            });

    assertThat(answer.path("apiVersion").asText()).isEqualTo("admission.k8s.io/" + version);
    assertThat(answer.path("request")).isEqualTo(JSON.readTree(review).path("request"));
    assertThat(answer.path("unknown")).isEqualTo(JSON.readTree("[1]"));
    JsonNode response = answer.path("response");
    assertThat(response.path("uid").asText()).isEqualTo("u1");
    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.path("patchType").asText()).isEqualTo("JSONPatch");
    assertThat(Base64.getDecoder().decode(response.path("patch").asText()))
        .isEqualTo("[]".getBytes(StandardCharsets.UTF_8));
    assertThat(response.path("warnings").get(0).asText()).isEqualTo("mind the gap");
  }

  @Test
  void denial_carriesItsMessage() throws Exception {
    JsonNode response =
        answer(review(), _ -> AdmissionVerdict.deny("not like this")).path("response");

    assertThat(response.path("allowed").asBoolean(true)).isFalse();
    assertThat(response.at("/status/message").asText()).isEqualTo("not like this");
    assertThat(response.has("patch")).isFalse();
  }

  @Test
  void handler_thatFails_isADenialAndNoServerError() throws Exception {
    JsonNode response =
        answer(
                review(),
                _ -> {
                  throw new IllegalStateException("broken");
                })
            .path("response");

    assertThat(response.path("allowed").asBoolean(true)).isFalse();
    assertThat(response.at("/status/message").asText()).contains("broken");
  }

  @Test
  void body_thatIsEmpty_isAnsweredEmpty() {
    AdmissionReviews.Answer answer = reviews(_ -> AdmissionVerdict.allow()).answer(new byte[0]);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nonsense", "[]", "{}", "{\"request\":{}}", "{\"request\":{\"uid\":\"\"}}"})
  void body_thatIsNoReview_isABadRequest(String body) {
    AdmissionReviews.Answer answer =
        reviews(_ -> AdmissionVerdict.allow()).answer(body.getBytes(StandardCharsets.UTF_8));

    assertThat(answer.status()).isEqualTo(400);
  }

  private static String review() {
    return "{\"request\":{\"uid\":\"u\",\"object\":{}}}";
  }

  private static JsonNode answer(String review, AdmissionHandler handler) throws Exception {
    AdmissionReviews.Answer answer =
        reviews(handler).answer(review.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.status()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static AdmissionReviews reviews(AdmissionHandler handler) {
    return new AdmissionReviews(handler);
  }
}

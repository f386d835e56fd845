package dev.weft.kit.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jboss.logging.Logger;

/**
 * The review protocol, {@code admission.k8s.io} in versions {@code v1} and {@code v1beta1}, which
 * have the same shape: the review comes back as it came, with a response added.
 */
final class AdmissionReviews {
  /** Longest body, in bytes. */
  static final int MAX_BODY_BYTES = 10 << 20;

  private static final Logger LOG = Logger.getLogger(AdmissionReviews.class);
  private static final int MAX_WARNING_CHARS = 256;
  private static final int MAX_WARNINGS = 16;

  private final JsonMapper json =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(MAX_BODY_BYTES).build())
                  .build())
          .build();
  private final AdmissionHandler handler;

  AdmissionReviews(AdmissionHandler handler) {
    this.handler = handler;
  }

  /** An HTTP status with a body. */
  record Answer(int status, byte[] body) {
    static Answer of(int status, String text) {
      return new Answer(status, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  Answer answer(byte[] body) {
    if (body.length == 0) {
      return Answer.of(200, "");
    }
    ObjectNode review;
    try {
      JsonNode read = json.readTree(body);
      if (!(read instanceof ObjectNode object)
          || !(object.path("request") instanceof ObjectNode request)
          || request.path("uid").asText("").isEmpty()) {
        return Answer.of(400, "not an AdmissionReview with a request and its uid\n");
      }
      review = object;
    } catch (IOException e) {
      return Answer.of(400, "not an AdmissionReview; cause: not JSON\n");
    }
    AdmissionRequest request = AdmissionRequest.of((ObjectNode) review.path("request"));
    respond(review, request, judge(request));
    try {
      return new Answer(200, json.writeValueAsBytes(review));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that was read cannot be written", e);
    }
  }

  private AdmissionVerdict judge(AdmissionRequest request) {
    try {
      return handler.review(request);
    } catch (RuntimeException e) {
      LOG.errorf(
          e,
          "admission failed: kind=%s namespace=%s name=%s",
          request.kind(),
          request.namespace(),
          request.name());
      return AdmissionVerdict.deny(
          "%s %s/%s cannot be judged; cause: %s"
              .formatted(request.kind(), request.namespace(), request.name(), e));
    }
  }

  private static void respond(
      ObjectNode review, AdmissionRequest request, AdmissionVerdict verdict) {
    ObjectNode response = review.putObject("response");
    response.put("uid", request.uid()).put("allowed", verdict.allowed());
    if (!verdict.message().isEmpty()) {
      response.putObject("status").put("message", verdict.message());
    }
    verdict
        .patch()
        .ifPresent(
            patch ->
                response
                    .put(
                        "patch",
                        Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)))
                    .put("patchType", "JSONPatch"));
    if (!verdict.warnings().isEmpty()) {
      ArrayNode warnings = response.putArray("warnings");
      verdict.warnings().stream()
          .limit(MAX_WARNINGS)
          .map(
              text ->
                  text.length() > MAX_WARNING_CHARS ? text.substring(0, MAX_WARNING_CHARS) : text)
          .forEach(warnings::add);
    }
  }
}

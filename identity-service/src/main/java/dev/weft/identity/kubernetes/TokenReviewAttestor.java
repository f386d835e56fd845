package dev.weft.identity.kubernetes;

import dev.weft.identity.attest.Attestation;
import dev.weft.identity.attest.Attestor;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Asks the Kubernetes API server, {@code authentication.k8s.io/v1 TokenReview}. Nothing is cached,
 * so a deleted service account loses its identity at the next renewal.
 *
 * <p>Source: facts/identity.md 6.
 */
final class TokenReviewAttestor implements Attestor {
  /**
   * In the error of an API server which does not know the audience; then the review is repeated
   * without one, for tokens of the API server's own audience.
   */
  private static final String AUDIENCE_ERROR = "token audiences";

  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY_REQUESTS = 429;

  private final KubernetesClient client;
  private final String audience;
  private volatile Health health = new Health(true, true, "token review not used yet");

  /**
   * @param client borrowed
   * @param audience which the token must be meant for
   */
  TokenReviewAttestor(KubernetesClient client, String audience) {
    this.client = client;
    this.audience = audience;
  }

  @Override
  public Attestation attest(byte[] token) {
    String text = new String(token, StandardCharsets.UTF_8);
    try {
      TokenReviewStatus status = review(text, List.of(audience));
      if (error(status).contains(AUDIENCE_ERROR)) {
        status = review(text, List.of());
      }
      health = new Health(true, true, "token review answers");
      return judge(status);
    } catch (KubernetesClientException e) {
      String detail =
          "token review failed: %s; fix: %s".formatted(e.getMessage(), fix(e.getCode()));
      // An API server that failed once may answer the next call, so this stays able.
      health = new Health(true, false, detail);
      return new Attestation.Unavailable(detail);
    }
  }

  private static String fix(int code) {
    return switch (code) {
      case FORBIDDEN -> "let this service create tokenreviews.authentication.k8s.io";
      case TOO_MANY_REQUESTS -> "give the API server room, or this service a priority level";
      default -> "make the API server reachable from here";
    };
  }

  @Override
  public Health health() {
    return health;
  }

  private TokenReviewStatus review(String token, List<String> audiences) {
    TokenReview review =
        new TokenReviewBuilder()
            .withNewSpec()
            .withToken(token)
            .withAudiences(audiences)
            .endSpec()
            .build();
    TokenReviewStatus status = client.tokenReviews().create(review).getStatus();
    if (status == null) {
      throw new KubernetesClientException("the API server sent no status");
    }
    return status;
  }

  private static Attestation judge(TokenReviewStatus status) {
    if (!error(status).isEmpty()) {
      return new Attestation.Malformed(error(status));
    }
    if (!Boolean.TRUE.equals(status.getAuthenticated())) {
      return new Attestation.Rejected("the API server does not authenticate the token");
    }
    String username = status.getUser() == null ? null : status.getUser().getUsername();
    return new Attestation.Authenticated(username == null ? "" : username);
  }

  private static String error(TokenReviewStatus status) {
    return status.getError() == null ? "" : status.getError();
  }
}

package dev.weft.kit.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Reviews that nobody sent, judged before the first real one: the same code as for those, from
 * bytes to bytes, so that it is loaded and compiled.
 *
 * @param handler judges them; leaves no trace
 * @param review JSON text; empty for no rehearsal
 */
public record Rehearsal(AdmissionHandler handler, String review) {
  /** None. */
  public static final Rehearsal NONE = new Rehearsal(_ -> AdmissionVerdict.allow(), "");

  private static final Logger LOG = Logger.getLogger(Rehearsal.class);

  /** Enough for the first compiler. */
  private static final int ROUNDS = 1_000;

  /** Readiness waits no longer, however slow the machine. */
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** Returns how many were judged. */
  int hold() {
    if (review.isEmpty()) {
      return 0;
    }
    AdmissionReviews reviews = new AdmissionReviews(handler);
    byte[] body = review.getBytes(StandardCharsets.UTF_8);
    long begun = System.nanoTime();
    int rounds = 0;
    while (rounds < ROUNDS && System.nanoTime() - begun < LIMIT.toNanos()) {
      reviews.answer(body);
      rounds++;
    }
    LOG.infof(
        "webhook rehearsed: reviews=%d millis=%d", rounds, (System.nanoTime() - begun) / 1_000_000);
    return rounds;
  }
}

package dev.weft.proxy.outbound;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Shard;

/** The cells of one route of a profile. Runs on one loop only. */
final class ProfileMeter {
  private final OutboundMetrics.Profiles families;
  private final Shard shard;
  private final Labels labels;
  private final ProfileClasses classes;
  private final Counter requests;
  private final Counter attempts;

  ProfileMeter(
      OutboundMetrics.Profiles families, Shard shard, Labels labels, ProfileClasses classes) {
    this.families = families;
    this.shard = shard;
    this.labels = labels;
    this.classes = classes;
    this.requests = families.requests().get(shard, labels);
    this.attempts = families.attempts().get(shard, labels);
  }

  void requested() {
    requests.increment();
  }

  /** One attempt of it goes to an endpoint. */
  void attempted() {
    attempts.increment();
  }

  /** An attempt is over. */
  void attemptOver(ResponseClass response) {
    response(families.attemptResponses(), response);
  }

  /** The request is answered. */
  void responded(ResponseClass response, long latencyNanos) {
    response(families.responses(), response);
    families
        .latency()
        .get(
            shard,
            response.status() == 0
                ? labels
                : labels.and("status_code", Integer.toString(response.status())))
        .record(latencyNanos);
  }

  /** A failure was, or was not, asked for again. */
  void retryable(boolean budget) {
    families
        .retryable()
        .get(shard, budget ? labels : labels.and("skipped", "no_budget"))
        .increment();
  }

  private void response(Family<Counter> family, ResponseClass response) {
    family.get(shard, labels.and(response.labels(classes.success(response)))).increment();
  }
}

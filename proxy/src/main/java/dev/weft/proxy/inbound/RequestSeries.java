package dev.weft.proxy.inbound;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Histogram;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Shard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request and response series of one connection and one permit, with the cells of the outcomes
 * seen so far at hand. Runs on one loop only.
 *
 * <p>Source: facts/proxy.md 3.13 (classification) and 4.2.
 */
final class RequestSeries {
  /** Outcomes kept at hand; a connection rarely has more than three. */
  private static final int MAX_KEPT = 32;

  /** No status, no gRPC status. */
  static final int NONE = -1;

  private final InboundMetrics metrics;
  private final Shard shard;
  private final Labels base;
  private final Counter requests;
  private final Counter allowed;
  private final RouteMeter route;
  private final boolean grpcRoute;
  private final @Nullable Counter audited;
  private final List<Outcome> outcomes = new ArrayList<>(2);

  /**
   * Series under these labels.
   *
   * @param route what all clients of the route share
   * @param grpcRoute whether its statuses are those of gRPC
   * @param audited counts requests that only {@code audit} lets through; null where it does not
   */
  RequestSeries(
      InboundMetrics metrics,
      Shard shard,
      Labels base,
      Counter allowed,
      RouteMeter route,
      boolean grpcRoute,
      @Nullable Counter audited) {
    this.audited = audited;
    this.route = route;
    this.grpcRoute = grpcRoute;
    this.metrics = metrics;
    this.shard = shard;
    this.base = base;
    this.requests = metrics.requests.get(shard, base);
    this.allowed = allowed;
  }

  private record Outcome(
      int status,
      int grpcStatus,
      boolean success,
      String error,
      Counter responses,
      Histogram latency) {
    boolean is(int aStatus, int aGrpcStatus, boolean aSuccess, String anError) {
      return status == aStatus
          && grpcStatus == aGrpcStatus
          && success == aSuccess
          && error.equals(anError);
    }
  }

  /** The policy let a request through. */
  void allowed() {
    allowed.increment();
  }

  /** Only {@code audit} let a request through. */
  void audited() {
    if (audited != null) {
      audited.increment();
    }
  }

  /** A request goes to the application. */
  void requested() {
    requests.increment();
    route.requested();
  }

  /** A piece of a request's body came. */
  void requestFrame(int bytes) {
    route.requestFrame(bytes);
  }

  /** A piece of a response's body came. */
  void responseFrame(int bytes) {
    route.responseFrame(bytes);
  }

  /**
   * A response ended.
   *
   * @param status NONE if there was none
   * @param grpcStatus NONE if there was none
   * @param error empty, or what failed the exchange
   * @param nanos since the request began
   * @param responseNanos since the request ended; negative if it did not
   */
  void responded(
      int status, int grpcStatus, boolean success, String error, long nanos, long responseNanos) {
    Outcome outcome = find(status, grpcStatus, success, error);
    outcome.responses.increment();
    outcome.latency.record(nanos);
    route.responded(grpcRoute ? grpcStatus : status, nanos, responseNanos);
  }

  private Outcome find(int status, int grpcStatus, boolean success, String error) {
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome known = outcomes.get(i);
      if (known.is(status, grpcStatus, success, error)) {
        return known;
      }
    }
    Labels labels = status == NONE ? base : base.and("status_code", Integer.toString(status));
    Labels classified =
        labels.and(
            Labels.of(
                "classification", success ? "success" : "failure",
                "grpc_status", grpcStatus == NONE ? "" : Integer.toString(grpcStatus),
                "error", error));
    Outcome made =
        new Outcome(
            status,
            grpcStatus,
            success,
            error,
            metrics.responses.get(shard, classified),
            metrics.latency.get(shard, labels));
    if (outcomes.size() < MAX_KEPT) {
      outcomes.add(made);
    }
    return made;
  }
}

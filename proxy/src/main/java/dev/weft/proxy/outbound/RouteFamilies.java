package dev.weft.proxy.outbound;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Histogram;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;

/**
 * The families {@code outbound_http_route_*} or {@code outbound_grpc_route_*}. Thread-safe.
 *
 * <p>Source: facts/observability.md 6.6.
 */
final class RouteFamilies {
  private static final double[] FRAME_BYTES = {128, 1024, 10240};

  final Family<Histogram> requestDuration;
  final Family<Counter> requestStatuses;
  final Family<Histogram> requestFrames;
  final Family<Counter> retryRequests;
  final Family<Counter> retrySuccesses;
  final Family<Counter> retryLimitExceeded;
  final Family<Counter> retryOverflow;
  final Family<Counter> backendRequests;
  final Family<Histogram> backendDuration;
  final Family<Counter> backendStatuses;
  final Family<Histogram> backendFrames;
  private final boolean grpc;

  RouteFamilies(Metrics metrics, boolean grpc) {
    this.grpc = grpc;
    String prefix = grpc ? "outbound_grpc_route_" : "outbound_http_route_";
    requestDuration =
        metrics
            .seconds(
                prefix + "request_duration_seconds",
                "From the begin of a request to the end of its response.",
                0.05,
                0.5,
                1,
                10)
            .lasting();
    requestStatuses = counter(metrics, prefix + "request_statuses", "Responses by route.");
    requestFrames =
        metrics
            .bytes(prefix + "request_frame_size_bytes", "Pieces of request bodies.", FRAME_BYTES)
            .lasting();
    retryRequests = counter(metrics, prefix + "retry_requests", "Requests sent again.");
    retrySuccesses = counter(metrics, prefix + "retry_successes", "Retries that succeeded.");
    retryLimitExceeded =
        counter(metrics, prefix + "retry_limit_exceeded", "Failures after the last retry allowed.");
    retryOverflow =
        counter(metrics, prefix + "retry_overflow", "Failures not retried for want of a backend.");
    backendRequests = counter(metrics, prefix + "backend_requests", "Requests by backend.");
    backendDuration =
        metrics
            .seconds(
                prefix + "backend_response_duration_seconds",
                "From sending a request to the end of its response.",
                0.025,
                0.05,
                0.1,
                0.25,
                0.5,
                1,
                10)
            .lasting();
    backendStatuses =
        counter(metrics, prefix + "backend_response_statuses", "Responses by backend.");
    backendFrames =
        metrics
            .bytes(
                prefix + "backend_response_frame_size_bytes",
                "Pieces of response bodies.",
                FRAME_BYTES)
            .lasting();
  }

  private static Family<Counter> counter(Metrics metrics, String name, String help) {
    return metrics.counter(name + "_total", help).lasting();
  }

  /** The labels that tell how a response ended. */
  Labels outcome(ResponseClass response, RouteError error) {
    return grpc
        ? Labels.of("grpc_status", grpcStatus(response, error), "error", error.label())
        : Labels.of(
            "http_status",
            error == RouteError.NONE && response.status() != 0
                ? Integer.toString(response.status())
                : "",
            "error",
            error.label());
  }

  private static String grpcStatus(ResponseClass response, RouteError error) {
    if (error != RouteError.NONE) {
      return "";
    }
    return switch (response.grpcStatus()) {
      case "0" -> "OK";
      case "1" -> "CANCELLED";
      case "3" -> "INVALID_ARGUMENT";
      case "4" -> "DEADLINE_EXCEEDED";
      case "5" -> "NOT_FOUND";
      case "6" -> "ALREADY_EXISTS";
      case "7" -> "PERMISSION_DENIED";
      case "8" -> "RESOURCE_EXHAUSTED";
      case "9" -> "FAILED_PRECONDITION";
      case "10" -> "ABORTED";
      case "11" -> "OUT_OF_RANGE";
      case "12" -> "UNIMPLEMENTED";
      case "13" -> "INTERNAL";
      case "14" -> "UNAVAILABLE";
      case "15" -> "DATA_LOSS";
      case "16" -> "UNAUTHENTICATED";
      default -> "UNKNOWN";
    };
  }
}

package dev.weft.policy.route;

import java.util.List;

/**
 * One alternative of a gRPC rule; every condition must hold, and only POST requests can match.
 *
 * @param service fully qualified service, empty for any
 * @param method method name, empty for any
 */
public record GrpcRouteMatch(String service, String method, List<HeaderMatch> headers) {
  /** Holds for every gRPC call. */
  public static final GrpcRouteMatch ANY = new GrpcRouteMatch("", "", List.of());

  public GrpcRouteMatch {
    headers = List.copyOf(headers);
  }
}

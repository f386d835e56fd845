package dev.weft.proxy.forward;

import org.jspecify.annotations.Nullable;

/**
 * Why the proxy itself ends a request instead of an endpoint. Turned into a response once, at the
 * edge, by {@link Answers}.
 *
 * <p>Source: facts/proxy.md 2.8 and 3.14.
 *
 * @param cause what kind of reason
 * @param message innermost text first built, for example {@code service in fail-fast}; shown to
 *     clients that may know
 * @param status HTTP status of the response
 * @param grpcStatus status for gRPC clients, who get HTTP 200
 * @param closes whether the client's connection is closed, gracefully, after the response
 * @param location target of a redirect, else null
 */
public record Refusal(
    Cause cause,
    String message,
    int status,
    int grpcStatus,
    boolean closes,
    @Nullable String location) {
  /** Nothing became ready in time. */
  public static final Refusal FAIL_FAST = of(Cause.FAIL_FAST, "service in fail-fast");

  /** There is no room to wait, or nothing to wait for. */
  public static final Refusal LOAD_SHED = of(Cause.LOAD_SHED, "service unavailable");

  /** No route of the policy fits. */
  public static final Refusal NO_ROUTE = of(Cause.NO_ROUTE, "no route found for request");

  /** A refusal with what its cause prescribes. */
  public static Refusal of(Cause cause, String message) {
    return new Refusal(cause, message, cause.status, cause.grpcStatus, cause.closes, null);
  }

  /** A redirect by a filter of the policy. */
  public static Refusal redirect(int status, String location) {
    Cause cause = Cause.REDIRECT;
    return new Refusal(cause, "redirected", status, cause.grpcStatus, cause.closes, location);
  }

  /** A status that a filter of the policy prescribes. */
  public static Refusal injected(int status, String message) {
    Cause cause = Cause.INJECTED;
    return new Refusal(cause, message, status, cause.grpcStatus, cause.closes, null);
  }

  /** A gRPC status that a filter of the policy prescribes. */
  public static Refusal injectedGrpc(int grpcStatus, String message) {
    Cause cause = Cause.INJECTED;
    return new Refusal(cause, message, 200, grpcStatus, cause.closes, null);
  }

  /** The same refusal, told from one layer further out. */
  public Refusal in(String layer) {
    return new Refusal(cause, layer + ": " + message, status, grpcStatus, closes, location);
  }

  /** The same refusal, with the client's connection closed after the answer. */
  public Refusal closing() {
    return closes ? this : new Refusal(cause, message, status, grpcStatus, true, location);
  }

  /** The kinds of causes, each with what the client gets. */
  public enum Cause {
    FAIL_FAST(504, 4, true, "failfast"),
    LOAD_SHED(503, 14, true, "loadshed"),
    /** Connecting or talking to the endpoint failed; made where an endpoint would have answered. */
    BAD_GATEWAY(502, 14, false, "i/o"),
    CONNECT_TIMEOUT(504, 4, false, "i/o"),
    /** A time-out of the rule; the connection is not at fault. */
    TIMEOUT(504, 4, false, "response timeout"),
    /** A time-out of a profile's route. */
    PROFILE_TIMEOUT(504, 4, true, "response timeout"),
    IDENTITY_REQUIRED(502, 14, true, "identity required"),
    BACKEND_FAILS(502, 14, true, "unexpected"),
    NO_ROUTE(404, 5, false, "unexpected"),
    /** The policy lets nobody of this identity and network do that. */
    UNAUTHORIZED(403, 7, false, "unauthorized"),
    RATE_LIMITED(429, 8, false, "rate limited"),
    /** A filter redirects; the refusal carries the status. */
    REDIRECT(301, 5, false, "unexpected"),
    /** A filter answers; the refusal carries the status. */
    INJECTED(500, 9, false, "unexpected"),
    GATEWAY_DOMAIN(404, 5, false, "gateway domain invalid"),
    GATEWAY_LOOP(508, 10, true, "gateway loop"),
    /** What the client asks for cannot be served, whatever the policy. */
    BAD_REQUEST(400, 3, true, "unexpected"),
    UNEXPECTED(500, 13, true, "unexpected");

    private final int status;
    private final int grpcStatus;
    private final boolean closes;
    private final String label;

    Cause(int status, int grpcStatus, boolean closes, String label) {
      this.status = status;
      this.grpcStatus = grpcStatus;
      this.closes = closes;
      this.label = label;
    }

    /** Value of the {@code error} label in metrics. */
    public String label() {
      return label;
    }
  }
}

package dev.weft.proxy.outbound;

/**
 * Why the proxy itself ends a request instead of an endpoint: the cause, and a text which names
 * where it happened. Turned into a response once, at the edge.
 *
 * <p>Source: contract sheet of the proxy, section 3.14.
 *
 * @param message innermost text, for example {@code service in fail-fast}; shown to the client
 */
record Refusal(Cause cause, String message) {
  static final Refusal FAIL_FAST = new Refusal(Cause.FAIL_FAST, "service in fail-fast");
  static final Refusal LOAD_SHED = new Refusal(Cause.LOAD_SHED, "service unavailable");
  static final Refusal NO_ROUTE = new Refusal(Cause.NO_ROUTE, "no route found for request");

  /** The same refusal, told from one layer further out. */
  Refusal in(String layer) {
    return new Refusal(cause, layer + ": " + message);
  }

  /** The kinds of causes, each with what the client gets. */
  enum Cause {
    FAIL_FAST(504, 4, true, "failfast"),
    LOAD_SHED(503, 14, true, "loadshed"),
    /** Connecting or talking to the endpoint failed; made where an endpoint would have answered. */
    BAD_GATEWAY(502, 14, false, "i/o"),
    CONNECT_TIMEOUT(504, 4, false, "i/o"),
    IDENTITY_REQUIRED(502, 14, true, "identity required"),
    BACKEND_FAILS(502, 14, true, "unexpected"),
    NO_ROUTE(404, 5, false, "unexpected"),
    /** A filter of the policy answers with a status of its own. */
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

    /** HTTP status of the response. */
    int status() {
      return status;
    }

    /** Status for gRPC clients, who get HTTP 200. */
    int grpcStatus() {
      return grpcStatus;
    }

    /** Whether the client's connection is closed, gracefully, after the response. */
    boolean closesConnection() {
      return closes;
    }

    /** Value of the {@code error} label in metrics. */
    String label() {
      return label;
    }
  }
}

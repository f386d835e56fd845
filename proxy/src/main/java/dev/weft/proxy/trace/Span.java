package dev.weft.proxy.trace;

/**
 * A span that is over.
 *
 * @param context the trace, and the span's parent
 * @param id its own id
 * @param beganEpochNanos wall time, from the request's head
 * @param tookNanos until the response's head
 * @param status of the response, 100 to 999
 */
record Span(
    TraceContext context,
    long id,
    Side side,
    Direction direction,
    HttpFacts request,
    long beganEpochNanos,
    long tookNanos,
    int status) {

  /** Which end of an exchange it tells of. */
  enum Side {
    /** The request as this proxy accepted it. */
    SERVER,
    /** One attempt at an endpoint. */
    CLIENT
  }
}

package dev.weft.proxy.trace;

import dev.weft.proxy.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one request on its way through this proxy: one of the server side, and one of the
 * client side for every attempt at an endpoint, whose parent is the former. Each ends with the head
 * of a response; what ends without leaves no span. Runs on the request's loop only.
 */
public final class RequestTrace {
  private final Tracer tracer;
  private final Direction direction;

  /** The context in which this proxy calls others. */
  private final TraceContext inner;

  private @Nullable Open server;
  private @Nullable Open client;

  /** A span without end. */
  private record Open(
      TraceContext context, long id, HttpFacts request, long beganEpochNanos, long beganNanos) {}

  RequestTrace(Tracer tracer, Direction direction, TraceContext context, RequestHead head) {
    this.tracer = tracer;
    this.direction = direction;
    long id = tracer.newId();
    this.inner = context.under(id);
    this.server = open(context, id, head);
    inner.write(head.headers);
  }

  /**
   * The request is about to be sent to an endpoint.
   *
   * @param head this attempt's own; names the attempt's span as its cause afterwards
   */
  public void sent(RequestHead head) {
    long id = tracer.newId();
    client = open(inner, id, head);
    inner.under(id).write(head.headers);
  }

  private @Nullable Open open(TraceContext context, long id, RequestHead head) {
    return context.sampled()
        ? new Open(context, id, HttpFacts.of(head), tracer.epochNanos(), tracer.nanoTime())
        : null;
  }

  /** An endpoint answered, be it something that the client never sees. */
  public void attempted(int status) {
    end(client, Span.Side.CLIENT, status);
    client = null;
  }

  /** The client of this proxy is answered. */
  public void answered(int status) {
    end(server, Span.Side.SERVER, status);
    server = null;
  }

  private void end(@Nullable Open span, Span.Side side, int status) {
    if (span != null) {
      long took = tracer.nanoTime() - span.beganNanos;
      tracer.ended(
          new Span(
              span.context,
              span.id,
              side,
              direction,
              span.request,
              span.beganEpochNanos,
              took,
              status));
    }
  }
}

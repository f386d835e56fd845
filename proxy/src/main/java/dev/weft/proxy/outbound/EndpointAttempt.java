package dev.weft.proxy.outbound;

import dev.weft.proxy.forward.Forward;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.tap.TapStream;
import dev.weft.proxy.tap.Taps;
import dev.weft.proxy.trace.RequestTrace;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request at the endpoint it was sent to: the load it puts there, whether it decides over an
 * endpoint that was put aside, what is answered, and who watches. One per request, turned from one
 * endpoint to the next. Runs on its lane's loop only.
 */
final class EndpointAttempt {
  /** With which gRPC calls are refused. */
  private static final int GRPC_HTTP_STATUS = 200;

  private final Lane lane;
  private final Forward forward;
  private final long receivedNanos;

  /** Null where the request belongs to no trace that is recorded. */
  private final @Nullable RequestTrace trace;

  private @Nullable HttpEndpoint endpoint;
  private @Nullable TapStream tapped;
  private long sentNanos;
  private int status;
  private @Nullable String grpcStatus;

  /** Whether it decides over an endpoint that was put aside. */
  private boolean probe;

  /** Whether it weighs on the endpoint's load. */
  private boolean pending;

  /**
   * Not sent yet.
   *
   * @param receivedNanos when the request came
   */
  EndpointAttempt(Lane lane, Forward forward, @Nullable RequestTrace trace, long receivedNanos) {
    this.lane = lane;
    this.forward = forward;
    this.trace = trace;
    this.receivedNanos = receivedNanos;
  }

  /** Where it is; null while it is nowhere. */
  @Nullable HttpEndpoint endpoint() {
    return endpoint;
  }

  /** When it was sent there. */
  long sentNanos() {
    return sentNanos;
  }

  /** The request goes to this endpoint. */
  void begin(HttpEndpoint chosen) {
    endpoint = chosen;
    probe = chosen.take();
    pending = true;
    sentNanos = lane.nanoTime();
    if (tapped != null) {
      tapped.end(null, null);
      tapped = null;
    }
    chosen.candidate().load().start();
    chosen.send(forward);
  }

  /**
   * It is about to be written to this endpoint's connection.
   *
   * @param head as it will be sent
   */
  void sent(HttpEndpoint to, RequestHead head) {
    to.meter().requested();
    tapped = tap(to, head);
    if (trace != null) {
      trace.sent(head);
    }
  }

  private @Nullable TapStream tap(HttpEndpoint to, RequestHead head) {
    Taps taps = lane.outbound().context().telemetry().taps();
    if (!taps.any()
        || !(forward.server().connection().channel().remoteAddress()
            instanceof InetSocketAddress client)) {
      return null;
    }
    return taps.open(
        new TappedRequest(client, to.endpoint(), lane.outbound().route().isLocal(to.endpoint())),
        head);
  }

  // What is answered.

  /** The endpoint's answer, which the client gets. */
  void answered(ResponseHead head) {
    if (tapped != null) {
      tapped.response(head);
    }
    status = head.status;
    if (trace != null) {
      trace.attempted(status);
      trace.answered(status);
    }
    grpcStatus = forward.isGrpc() ? ResponseClass.grpcStatus(head.headers) : null;
  }

  /** The endpoint's answer, which the client never sees. */
  void dropped(ResponseHead head, @Nullable String code) {
    status = head.status;
    grpcStatus = code;
    if (trace != null) {
      trace.attempted(status);
    }
    measured(head.headers);
  }

  /** An answer of this proxy in the endpoint's place. */
  void replaced(Refusal refusal) {
    status = refusal.status();
    if (trace != null) {
      trace.attempted(status);
    }
    if (tapped != null) {
      tapped.response(ResponseHead.of(status));
    }
    grpcStatus = Integer.toString(refusal.grpcStatus());
  }

  /** The client gets this refusal. */
  void refused(Refusal refusal) {
    if (trace != null) {
      trace.answered(forward.isGrpc() ? GRPC_HTTP_STATUS : refusal.status());
    }
  }

  void data(int bytes) {
    if (tapped != null) {
      tapped.data(bytes);
    }
  }

  void trailers(HeaderBlock trailers) {
    if (forward.isGrpc() && grpcStatus == null) {
      grpcStatus = ResponseClass.grpcStatus(trailers);
    }
    if (tapped != null) {
      tapped.end(grpcStatus, trailers);
    }
  }

  /** It is over at this endpoint. */
  void ended(@Nullable Reset failure) {
    measured();
    if (tapped == null) {
      return;
    }
    if (failure == null) {
      tapped.end(grpcStatus, null);
    } else if (isFinal(failure)) {
      tapped.reset(failure);
    }
  }

  /** Whether the client sees this failure, rather than another attempt or an answer of ours. */
  boolean isFinal(Reset failure) {
    return status != 0
        || failure.origin() == Reset.Origin.LOCAL
        || (failure.origin() == Reset.Origin.PEER && !forward.head().version.isHttp1());
  }

  /** How a whole answer counts. */
  ResponseClass whole() {
    return ResponseClass.whole(status, forward.isGrpc(), grpcStatus);
  }

  /** How an answer counts that ended with this failure. */
  ResponseClass failed(Reset failure) {
    return ResponseClass.failed(status, failure);
  }

  /** How it counts that time was up. */
  ResponseClass timedOut() {
    return ResponseClass.timedOut(status);
  }

  /** What was answered tells of the endpoint, also to its circuit breaker. */
  void count(ResponseClass response) {
    if (endpoint != null) {
      endpoint.meter().responded(response, lane.nanoTime() - receivedNanos);
      endpoint.responded(response.success(), response.limited(), probe);
      probe = false;
    }
  }

  // What it costs the endpoint.

  /** The endpoint answered; how long that took says how loaded it is. */
  void measured() {
    if (pending && endpoint != null) {
      pending = false;
      long now = lane.nanoTime();
      endpoint.candidate().load().finish(now - sentNanos, now);
    }
  }

  /** The endpoint said that it has too much, if it did: that weighs at once. */
  void penalized(HeaderBlock headers) {
    if (endpoint != null && endpoint.penalizes(status, grpcStatus)) {
      measured(headers);
    }
  }

  private void measured(HeaderBlock headers) {
    if (pending && endpoint != null && endpoint.penalizes(status, grpcStatus)) {
      pending = false;
      endpoint.penalize(headers, status, grpcStatus);
    } else {
      measured();
    }
  }

  /**
   * It surely did nothing at this endpoint.
   *
   * @return whether another endpoint of the backend may do it
   */
  boolean unprocessed(HttpEndpoint failed, HttpBackend from) {
    if (!pending) {
      return true;
    }
    // No connection was made: as slow as can be, so that others are preferred for a while.
    pending = false;
    failed
        .candidate()
        .load()
        .finish(lane.outbound().config().path().connect().timeout().toNanos(), lane.nanoTime());
    if (!from.hasOther(failed)) {
      return false; // the only endpoint refuses connections: the client is told at once
    }
    failed.responded(false, false, probe);
    probe = false;
    return true;
  }

  /** It leaves the endpoint, to be sent again: what was answered does not matter any more. */
  void forget() {
    leave();
    status = 0;
    grpcStatus = null;
  }

  /** The endpoint has nothing more to do with the request. */
  void leave() {
    HttpEndpoint left = endpoint;
    if (left == null) {
      return;
    }
    if (pending) {
      pending = false;
      left.candidate().load().release();
    }
    if (probe) {
      probe = false;
      left.released();
    }
    endpoint = null;
  }

  /** The request is over: nobody watches any more. */
  void unwatched() {
    if (tapped != null) {
      tapped.end(grpcStatus, null);
    }
  }
}

package dev.weft.proxy.inbound;

import dev.weft.policy.inbound.Permit;
import dev.weft.proxy.accesslog.AccessLog;
import dev.weft.proxy.forward.Answers;
import dev.weft.proxy.forward.Forward;
import dev.weft.proxy.forward.ForwardListener;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.forward.RequestFilters;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerExchange;
import dev.weft.proxy.tap.TapStream;
import dev.weft.proxy.trace.RequestTrace;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * One request of an {@link HttpSession}: between the codec and its {@link Forward} it keeps
 * identities out of trailers, and beside it measures. Runs on one loop only.
 */
final class InboundExchange implements RequestListener {
  /** Statuses of gRPC which count as failures; facts/proxy.md 3.13. */
  private static final int GRPC_FAILURES = 1 << 2 | 1 << 4 | 1 << 7 | 1 << 13 | 1 << 14 | 1 << 15;

  private static final int GRPC_UNKNOWN = 2;

  /** With which gRPC calls are refused. */
  private static final int GRPC_HTTP_STATUS = 200;

  private static final int MAX_GRPC_STATUS = 99;

  private final HttpSession session;
  private final Forward forward;
  private final boolean grpc;
  private final long startNanos;
  private RequestHead judged;

  private RequestFilters filters = RequestFilters.NONE;

  /** Null where no access log is kept. */
  private final AccessLog.@Nullable Entry accessed;

  /** Null where the request belongs to no trace that is recorded. */
  private final @Nullable RequestTrace trace;

  /** Null until the request is sent. */
  private @Nullable RequestSeries series;

  private boolean requestEnded;
  private long requestEndNanos;
  private long sentNanos;
  private @Nullable TapStream tapped;
  private boolean inFlight;
  private int status = RequestSeries.NONE;
  private int grpcStatus = RequestSeries.NONE;
  private @Nullable Reset failure;

  private @Nullable InboundExchange previous;
  private @Nullable InboundExchange next;

  InboundExchange(
      HttpSession session,
      RequestHead head,
      ServerExchange exchange,
      boolean carried,
      boolean end,
      Answers answers,
      @Nullable RequestTrace trace) {
    this.session = session;
    this.judged = head;
    this.startNanos = session.worker().nanoTime();
    this.requestEnded = end;
    this.requestEndNanos = startNanos;
    this.grpc = head.isGrpc();
    this.accessed = session.accessed(head);
    this.trace = trace;
    this.forward = new Forward(head, exchange, carried, end, answers, new Progress());
  }

  /** The head by which it was judged. */
  RequestHead judged() {
    return judged;
  }

  void judged(RequestHead head) {
    judged = head;
  }

  /** What is done to the response. */
  void filters(RequestFilters compiled) {
    filters = compiled;
  }

  /** Answers instead of the application. */
  void refuse(Refusal refusal) {
    forward.refuse(session.told(refusal));
  }

  /** Sends it to the application; it is counted in flight already. */
  void send(RequestSeries counts, Permit permit) {
    series = counts;
    tapped = session.tapped(forward.head(), permit);
    inFlight = true;
    sentNanos = session.worker().nanoTime();
    session.link(this);
    counts.requested();
    Refusal refusal = session.onward().send(forward);
    if (refusal != null) {
      refuse(refusal);
    }
  }

  // From the codec.

  @Override
  public void onData(ByteBuf data, boolean end) {
    if (series != null) {
      series.requestFrame(data.readableBytes());
    }
    if (end) {
      requestEnded();
    }
    forward.onData(data, end);
  }

  @Override
  public void onTrailers(HeaderBlock trailers) {
    requestEnded();
    Identities.strip(trailers);
    forward.onTrailers(trailers);
  }

  private void requestEnded() {
    requestEnded = true;
    requestEndNanos = session.worker().nanoTime();
  }

  @Override
  public void onReset(Reset reason) {
    forward.onReset(reason);
  }

  @Override
  public void onWritten(int bytes) {
    forward.onWritten(bytes);
  }

  /** Hears of the request's way to the application and back. */
  private final class Progress implements ForwardListener {
    @Override
    public void onRequest(RequestHead head) {
      if (trace != null) {
        trace.sent(head);
      }
    }

    @Override
    public void onResponse(ResponseHead head, boolean end) {
      status = head.status;
      if (trace != null) {
        trace.attempted(status);
        trace.answered(status);
      }
      if (tapped != null) {
        tapped.response(head);
      }
      filters.response(head);
      if (accessed != null) {
        accessed.answered(head, session.worker().nanoTime() - startNanos, sentNanos - startNanos);
      }
      if (grpc) {
        grpcStatus(head.headers);
      }
      land();
    }

    @Override
    public void onData(int bytes) {
      if (series != null) {
        series.responseFrame(bytes);
      }
      if (tapped != null) {
        tapped.data(bytes);
      }
    }

    @Override
    public void onTrailers(HeaderBlock trailers) {
      if (grpc) {
        grpcStatus(trailers);
      }
      if (tapped != null) {
        tapped.end(tappedStatus(), trailers);
      }
    }

    @Override
    public void onEnd(@Nullable Reset reason) {
      failure = reason;
      if (tapped != null && reason == null) {
        tapped.end(tappedStatus(), null);
      } else if (tapped != null
          && reason != null
          && (status != RequestSeries.NONE || reason.origin() == Reset.Origin.PEER)) {
        tapped.reset(reason);
      }
    }

    @Override
    public void onRefused(Refusal refusal) {
      int told = forward.isGrpc() ? GRPC_HTTP_STATUS : refusal.status();
      if (accessed != null) {
        accessed.answered(told, session.worker().nanoTime() - startNanos);
      }
      switch (refusal.cause()) {
        case BAD_GATEWAY, CONNECT_TIMEOUT -> {
          status = refusal.status();
          if (trace != null) {
            trace.attempted(status);
          }
          if (tapped != null) {
            tapped.response(ResponseHead.of(status));
          }
        }
        case FAIL_FAST, LOAD_SHED, INJECTED, UNEXPECTED, GATEWAY_DOMAIN, GATEWAY_LOOP ->
            session.failed(refusal);
        case TIMEOUT,
            PROFILE_TIMEOUT,
            IDENTITY_REQUIRED,
            BACKEND_FAILS,
            NO_ROUTE,
            UNAUTHORIZED,
            RATE_LIMITED,
            REDIRECT,
            BAD_REQUEST -> {}
      }
      if (trace != null) {
        trace.answered(told);
      }
    }

    @Override
    public void onOver() {
      land();
      if (accessed != null) {
        accessed.over();
      }
      if (tapped != null) {
        tapped.end(tappedStatus(), null);
      }
      RequestSeries counts = series;
      if (counts == null) {
        return;
      }
      session.unlink(InboundExchange.this);
      Reset reset = failure;
      String error =
          reset == null || status >= 500
              ? ""
              : reset.origin() == Reset.Origin.PEER
                  ? "h2(" + reset.codeName() + ")"
                  : "unclassified";
      boolean success = error.isEmpty() && (grpc ? grpcSucceeded() : status < 500);
      long now = session.worker().nanoTime();
      counts.responded(
          status,
          grpcStatus,
          success,
          error,
          now - startNanos,
          requestEnded ? now - requestEndNanos : -1);
    }
  }

  private @Nullable String tappedStatus() {
    return grpcStatus == RequestSeries.NONE ? null : Integer.toString(grpcStatus);
  }

  private void grpcStatus(HeaderBlock headers) {
    AsciiString value = headers.get(HeaderNames.GRPC_STATUS);
    if (value != null) {
      int parsed = parse(value);
      grpcStatus = parsed <= MAX_GRPC_STATUS ? parsed : GRPC_UNKNOWN;
    }
  }

  private static int parse(AsciiString digits) {
    if (digits.isEmpty() || digits.length() > 3) {
      return GRPC_UNKNOWN;
    }
    int number = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.byteAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return GRPC_UNKNOWN;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  private boolean grpcSucceeded() {
    return grpcStatus == RequestSeries.NONE
        ? status < 500
        : grpcStatus > 15 || (GRPC_FAILURES & 1 << grpcStatus) == 0;
  }

  private void land() {
    if (inFlight) {
      inFlight = false;
      session.worker().inFlight().leave();
    }
  }

  // The session's list.

  @Nullable InboundExchange next() {
    return next;
  }

  void linkBefore(@Nullable InboundExchange first) {
    next = first;
    if (first != null) {
      first.previous = this;
    }
  }

  void unlink() {
    if (previous != null) {
      previous.next = next;
    }
    if (next != null) {
      next.previous = previous;
    }
    previous = null;
    next = null;
  }
}

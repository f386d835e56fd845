package dev.weft.proxy.outbound;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of one request. Made only for requests of rules that have any. Runs on its lane's loop
 * only.
 *
 * <p>Source: facts/proxy.md 3.15.
 */
final class RequestTimers {
  /** Which time is over. */
  enum Kind {
    /** That of the whole request. */
    REQUEST("request timed out after ", RouteError.REQUEST_TIMEOUT),
    /** That of a response. */
    RESPONSE("response timed out after ", RouteError.RESPONSE_STREAM_TIMEOUT),
    /** Too long nothing moved. */
    IDLE("stream idle for ", RouteError.IDLE_TIMEOUT),
    /** That of an attempt without response head. */
    ATTEMPT("response headers timed out after ", RouteError.RESPONSE_HEADERS_TIMEOUT),
    /** That which a profile allows until the response head. */
    PROFILE("HTTP response timeout after ", RouteError.RESPONSE_HEADERS_TIMEOUT);

    private final String text;
    private final RouteError error;

    Kind(String text, RouteError error) {
      this.text = text;
      this.error = error;
    }

    /** For metrics. */
    RouteError error() {
      return error;
    }

    private String text(Conduct conduct) {
      long nanos =
          switch (this) {
            case REQUEST -> conduct.requestNanos();
            case RESPONSE -> conduct.responseNanos();
            case IDLE -> conduct.idleNanos();
            case ATTEMPT -> conduct.retry() == null ? 0 : conduct.retry().headNanos();
            case PROFILE -> conduct.profileNanos();
          };
      return text + TimeUnit.NANOSECONDS.toMillis(nanos) + "ms";
    }
  }

  /** Hears of it. */
  interface Expiry {
    void expired(Kind kind);
  }

  private final EventLoop loop;
  private final Ticker ticker;
  private final Conduct conduct;
  private final Expiry expiry;
  private @Nullable Future<?> request;
  private @Nullable Future<?> profile;
  private @Nullable Future<?> idle;
  private @Nullable Future<?> response;
  private @Nullable Future<?> attempt;
  private long progressNanos;
  private boolean over;

  /** Starts what runs from the beginning. */
  RequestTimers(EventLoop loop, Ticker ticker, Conduct conduct, Expiry expiry) {
    this.loop = loop;
    this.ticker = ticker;
    this.conduct = conduct;
    this.expiry = expiry;
    this.progressNanos = ticker.nanoTime();
    request = after(conduct.requestNanos(), Kind.REQUEST);
    profile = after(conduct.profileNanos(), Kind.PROFILE);
    if (conduct.idleNanos() > 0) {
      idle = loop.schedule(this::lookIdle, conduct.idleNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /**
   * The request was sent.
   *
   * @param mayRetry whether another attempt is allowed, so that this one need not be waited for
   */
  void sent(boolean mayRetry) {
    progressed();
    if (response == null) {
      response = after(conduct.responseNanos(), Kind.RESPONSE);
    }
    RetryRule retry = conduct.retry();
    if (mayRetry && retry != null) {
      attempt = after(retry.headNanos(), Kind.ATTEMPT);
    }
  }

  /** The head of a response goes to the client. */
  void answered() {
    progressed();
    attempt = cancelled(attempt);
    profile = cancelled(profile);
    if (response == null) {
      response = after(conduct.responseNanos(), Kind.RESPONSE);
    }
  }

  /** The attempt is over, another follows. */
  void restart() {
    progressed();
    attempt = cancelled(attempt);
    response = cancelled(response);
  }

  /** Bytes went by. */
  void progressed() {
    if (conduct.idleNanos() > 0) {
      progressNanos = ticker.nanoTime();
    }
  }

  /** What a time being over is called in messages. */
  String text(Kind kind) {
    return kind.text(conduct);
  }

  /** Stops all of them. */
  void close() {
    over = true;
    request = cancelled(request);
    profile = cancelled(profile);
    idle = cancelled(idle);
    response = cancelled(response);
    attempt = cancelled(attempt);
  }

  private void lookIdle() {
    long left = conduct.idleNanos() - (ticker.nanoTime() - progressNanos);
    if (left <= 0) {
      expire(Kind.IDLE);
    } else {
      idle = loop.schedule(this::lookIdle, left, TimeUnit.NANOSECONDS);
    }
  }

  private @Nullable Future<?> after(long nanos, Kind kind) {
    return nanos <= 0 ? null : loop.schedule(() -> expire(kind), nanos, TimeUnit.NANOSECONDS);
  }

  private void expire(Kind kind) {
    if (!over) {
      expiry.expired(kind);
    }
  }

  private static @Nullable Future<?> cancelled(@Nullable Future<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
    return null;
  }
}

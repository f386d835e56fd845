package dev.weft.proxy.tap;

import com.google.protobuf.Duration;
import dev.weft.api.tap.Eos;
import dev.weft.api.tap.TapEvent;
import dev.weft.api.tap.TapEvent.EndpointMeta;
import dev.weft.api.tap.TapEvent.Http;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.ResponseHead;
import io.netty.util.concurrent.Ticker;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One {@code Observe} call: takes as many requests as it may, and queues what happens to them. What
 * finds the queue full is dropped; a request whose first event is dropped is not reported at all.
 * Thread-safe; a {@link Stream} belongs to the loop of its request.
 */
final class Tap {
  /** Events that wait at most. */
  static final int MAX_EVENTS = 400;

  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final int base;
  private final long limit;
  private final TapMatch match;
  private final boolean headers;
  private final Ticker ticker;
  private final Runnable wake;
  private final BlockingQueue<TapEvent> events = new ArrayBlockingQueue<>(MAX_EVENTS);
  private final AtomicLong taken = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();

  /**
   * A tap.
   *
   * @param base its number
   * @param limit how many requests it takes
   * @param headers whether headers are reported
   * @param wake called, on any thread, when there may be something to send
   */
  Tap(int base, long limit, TapMatch match, boolean headers, Ticker ticker, Runnable wake) {
    this.base = base;
    this.limit = limit;
    this.match = match;
    this.headers = headers;
    this.ticker = ticker;
    this.wake = wake;
  }

  /** The next event, null if there is none. */
  @Nullable TapEvent poll() {
    return events.poll();
  }

  /** Whether no event will come any more and none waits. */
  boolean isComplete() {
    return taken.get() >= limit && open.get() == 0 && events.isEmpty();
  }

  long dropped() {
    return dropped.get();
  }

  /** Takes a request, or null. */
  @Nullable Stream open(TapSubject subject, RequestHead head) {
    if (taken.get() >= limit || !match.matches(subject, head)) {
      return null;
    }
    open.incrementAndGet();
    long number = taken.getAndIncrement();
    if (number >= limit) {
      taken.decrementAndGet();
      closed();
      return null;
    }
    Stream stream = new Stream(subject, number);
    if (!stream.request(head)) {
      closed();
      return null;
    }
    return stream;
  }

  private void closed() {
    open.decrementAndGet();
    wake.run();
  }

  private boolean offer(TapEvent event) {
    boolean room = events.offer(event);
    if (room) {
      wake.run();
    } else {
      dropped.incrementAndGet();
    }
    return room;
  }

  /** One request that was taken. */
  final class Stream {
    private final TapEvent common;
    private final Http.StreamId id;
    private final long requestNanos = ticker.nanoTime();
    private long responseNanos;
    private boolean responded;

    private Stream(TapSubject subject, long number) {
      id = Http.StreamId.newBuilder().setBase(base).setStream(number).build();
      TapEvent.Builder event =
          TapEvent.newBuilder()
              .setSource(TapValues.address(subject.source()))
              .setDestination(TapValues.address(subject.destination()))
              .setSourceMeta(meta(subject.sourceLabels()))
              .setProxyDirection(subject.direction());
      Map<String, String> destination = subject.destinationLabels();
      if (!destination.isEmpty()) {
        event.setDestinationMeta(meta(destination));
      }
      Map<String, String> route = subject.routeLabels();
      if (!route.isEmpty()) {
        event.setRouteMeta(TapEvent.RouteMeta.newBuilder().putAllLabels(route));
      }
      common = event.build();
    }

    private static EndpointMeta meta(Map<String, String> labels) {
      return EndpointMeta.newBuilder().putAllLabels(labels).build();
    }

    private boolean request(RequestHead head) {
      Http.RequestInit.Builder init =
          Http.RequestInit.newBuilder()
              .setId(id)
              .setMethod(TapValues.method(head.method.toString()))
              .setAuthority(head.effectiveAuthority().toString())
              .setPath(TapMatch.path(head));
      if (!head.scheme.isEmpty()) {
        init.setScheme(TapValues.scheme(head.scheme.toString()));
      }
      if (headers) {
        init.setHeaders(TapValues.headers(head));
      }
      return offer(event(Http.newBuilder().setRequestInit(init)));
    }

    void response(ResponseHead head) {
      responded = true;
      responseNanos = ticker.nanoTime();
      Http.ResponseInit.Builder init =
          Http.ResponseInit.newBuilder()
              .setId(id)
              .setSinceRequestInit(since(requestNanos, responseNanos))
              .setHttpStatus(head.status);
      if (headers) {
        init.setHeaders(TapValues.headers(head));
      }
      offer(event(Http.newBuilder().setResponseInit(init)));
    }

    void end(Eos eos, long bytes, @Nullable HeaderBlock trailers) {
      long now = ticker.nanoTime();
      Http.ResponseEnd.Builder end =
          Http.ResponseEnd.newBuilder()
              .setId(id)
              .setSinceRequestInit(since(requestNanos, now))
              .setResponseBytes(bytes)
              .setEos(eos);
      if (responded) {
        end.setSinceResponseInit(since(responseNanos, now));
      }
      if (headers && trailers != null) {
        end.setTrailers(TapValues.headers(trailers));
      }
      offer(event(Http.newBuilder().setResponseEnd(end)));
      closed();
    }

    private TapEvent event(Http.Builder http) {
      return common.toBuilder().setHttp(http).build();
    }

    private static Duration since(long from, long to) {
      long nanos = Math.max(0, to - from);
      return Duration.newBuilder()
          .setSeconds(TimeUnit.NANOSECONDS.toSeconds(nanos))
          .setNanos((int) (nanos % NANOS_PER_SECOND))
          .build();
    }
  }
}

package dev.weft.proxy.control;

import dev.weft.proxy.client.Backoff;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One key being watched: a stream that is opened again whenever it ends, and the newest value,
 * which outlives every stream. Runs on the control executor only, but for {@link #state}.
 *
 * <p>Source: facts/proxy-api.md 14.2, 14.3.
 */
final class SharedWatch<K, R, M, T> implements Subscription.StateSource<T> {
  private static final Logger LOG = LoggerFactory.getLogger(SharedWatch.class);

  /** Streams are not opened more often than this for users who doubt the state. */
  private static final long MAX_DOUBT_SECONDS = 5;

  /** How streams end when their server goes, which is told once per connection. */
  private static final Set<Status.Code> QUIET =
      EnumSet.of(Status.Code.OK, Status.Code.UNAVAILABLE, Status.Code.CANCELLED);

  private final WatchKind<K, R, M, T> kind;
  private final WatchSettings settings;
  private final K key;
  private final Channel channel;
  private final EventExecutor executor;
  private final WatchMetrics metrics;
  private final Backoff backoff;
  private final List<Subscription<T>> subscriptions = new ArrayList<>();

  private volatile WatchState<T> state;

  /** How many hold it; guarded by the watcher's map. */
  int users;

  /** How often it was taken; guarded by the watcher's map. */
  long generation;

  private @Nullable Stream stream;
  private @Nullable ScheduledFuture<?> retry;
  private boolean doubted;
  private boolean ended;
  private boolean stopped;
  private Status.@Nullable Code told;

  SharedWatch(
      WatchKind<K, R, M, T> kind,
      WatchSettings settings,
      K key,
      @Nullable Status refusal,
      Channel channel,
      EventExecutor executor,
      RandomGenerator random,
      WatchMetrics metrics) {
    this.kind = kind;
    this.settings = settings;
    this.key = key;
    this.channel = channel;
    this.executor = executor;
    this.metrics = metrics;
    this.backoff =
        new Backoff(
            settings.backoff().min(),
            settings.backoff().max(),
            settings.backoff().jitter(),
            random);
    T initial = kind.initial().apply(key);
    this.ended = refusal != null;
    if (initial != null) {
      this.state = new WatchState.Known<>(initial);
    } else if (refusal != null) {
      String why = refusal.getDescription() == null ? "" : refusal.getDescription();
      this.state = new WatchState.Ended<>(refusal.getCode(), why);
    } else {
      this.state = new WatchState.Pending<>();
    }
  }

  @Override
  public WatchState<T> state() {
    return state;
  }

  /** A stream that may have missed something is replaced by a new one, which tells all anew. */
  @Override
  public void refresh() {
    executor.execute(
        () -> {
          if (doubted || stream == null || stopped) {
            return;
          }
          doubted = true;
          executor.schedule(() -> doubted = false, MAX_DOUBT_SECONDS, TimeUnit.SECONDS);
          LOG.debug("watch asked anew kind={} key={}", kind.name(), key);
          stream.cancel("doubted");
          open();
        });
  }

  void add(Subscription<T> subscription) {
    subscriptions.add(subscription);
    subscription.notifyUser();
    if (stream == null && retry == null && !ended && !stopped) {
      open();
    }
  }

  void remove(Subscription<T> subscription) {
    subscriptions.remove(subscription);
  }

  /** Ends the stream for good. */
  void stop() {
    stopped = true;
    if (retry != null) {
      retry.cancel(false);
      retry = null;
    }
    if (stream != null) {
      stream.cancel("no longer watched");
      stream = null;
    }
  }

  private void open() {
    retry = null;
    if (!stopped && !ended) {
      stream = new Stream();
      stream.start();
    }
  }

  private void update(WatchState<T> next) {
    state = next;
    for (Subscription<T> subscription : subscriptions) {
      subscription.notifyUser();
    }
  }

  private void streamEnded(Status status, boolean established) {
    stream = null;
    if (stopped) {
      return;
    }
    metrics.ended(kind.name(), status.getCode());
    if (kind.finalCodes().contains(status.getCode())) {
      ended = true;
      LOG.info("watch ended kind={} key={}; cause: {}", kind.name(), key, text(status));
      if (kind.initial().apply(key) == null) {
        String why = status.getDescription() == null ? "" : status.getDescription();
        update(new WatchState.Ended<>(status.getCode(), why));
      }
      return;
    }
    tell(status);
    T absent = kind.absent();
    if (status.getCode() == Status.Code.NOT_FOUND
        && absent != null
        && state instanceof WatchState.Pending<T>) {
      update(new WatchState.Known<>(absent));
    }
    long pauseNanos = 0;
    if (!established || !kind.reconnectsAtOnce()) {
      pauseNanos = backoff.nextNanos();
    }
    retry = executor.schedule(this::open, pauseNanos, TimeUnit.NANOSECONDS);
  }

  /** Says once what is wrong; that the control plane is away is told by its channel. */
  private void tell(Status status) {
    Status.Code code = status.getCode();
    if (QUIET.contains(code) || code == told) {
      LOG.debug("watch interrupted kind={} key={}; cause: {}", kind.name(), key, text(status));
    } else {
      LOG.warn("watch interrupted kind={} key={}; cause: {}", kind.name(), key, text(status));
      told = code;
    }
  }

  private static String text(Status status) {
    return status.getDescription() == null
        ? status.getCode().name()
        : status.getCode() + ": " + status.getDescription();
  }

  /** One call. Its callbacks come on the control executor. */
  private final class Stream extends ClientCall.Listener<M> {
    private final ClientCall<R, M> call;
    private final WatchKind.Fold<M, T> fold;
    private @Nullable ScheduledFuture<?> silence;
    private @Nullable ScheduledFuture<?> lifetime;
    private boolean established;
    private boolean over;

    Stream() {
      this.call = channel.newCall(kind.method(), CallOptions.DEFAULT.withWaitForReady());
      T before = state instanceof WatchState.Known<T>(T value) ? value : null;
      this.fold = kind.fold().apply(before);
    }

    void start() {
      Duration first = settings.limits().initial();
      arm(first == null ? settings.limits().idle() : first);
      Duration life = settings.limits().lifetime();
      if (life != null) {
        lifetime =
            executor.schedule(
                () -> end(Status.OK.withDescription("lifetime of the stream is over")),
                life.toNanos(),
                TimeUnit.NANOSECONDS);
      }
      call.start(this, new Metadata());
      call.sendMessage(kind.request().apply(key));
      call.halfClose();
      call.request(1);
    }

    private void arm(@Nullable Duration limit) {
      if (silence != null) {
        silence.cancel(false);
        silence = null;
      }
      if (limit != null) {
        silence = executor.schedule(this::silent, limit.toNanos(), TimeUnit.NANOSECONDS);
      }
    }

    private void silent() {
      end(
          established
              ? Status.OK.withDescription("stream was idle")
              : Status.DEADLINE_EXCEEDED.withDescription("no first message in time"));
    }

    @Override
    public void onMessage(M message) {
      if (over) {
        return;
      }
      established = true;
      told = null;
      backoff.reset();
      arm(settings.limits().idle());
      T next = fold.apply(message);
      if (next != null && !(state instanceof WatchState.Known<T>(T value) && value.equals(next))) {
        update(new WatchState.Known<>(next));
      }
      call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      finish(status);
    }

    private void end(Status status) {
      call.cancel(status.getDescription(), null);
      finish(status);
    }

    void cancel(String why) {
      over = true;
      disarm();
      call.cancel(why, null);
    }

    private void finish(Status status) {
      if (!over) {
        over = true;
        disarm();
        streamEnded(status, established);
      }
    }

    private void disarm() {
      arm(null);
      if (lifetime != null) {
        lifetime.cancel(false);
      }
    }
  }
}

package dev.weft.proxy.http.http2;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Pings a quiet peer, and tells when it does not answer. Runs on the connection's loop only. Bytes
 * of any kind count as an answer: they prove the same.
 */
final class KeepAlive {
  private final EventExecutor loop;
  private final long intervalNanos;
  private final long timeoutNanos;
  private final BooleanSupplier wanted;
  private final Runnable ping;
  private final Runnable dead;
  private @Nullable Future<?> timer;
  private boolean heard;

  /**
   * Starts.
   *
   * @param wanted whether to ping now, or to leave an idle connection alone
   * @param ping sends one
   * @param dead what to do when no answer came
   */
  KeepAlive(
      EventExecutor loop,
      long intervalNanos,
      long timeoutNanos,
      BooleanSupplier wanted,
      Runnable ping,
      Runnable dead) {
    this.loop = loop;
    this.intervalNanos = intervalNanos;
    this.timeoutNanos = timeoutNanos;
    this.wanted = wanted;
    this.ping = ping;
    this.dead = dead;
    timer = loop.schedule(this::onInterval, intervalNanos, TimeUnit.NANOSECONDS);
  }

  /** The peer sent something. */
  void onRead() {
    heard = true;
  }

  void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void onInterval() {
    if (heard || !wanted.getAsBoolean()) {
      heard = false;
      timer = loop.schedule(this::onInterval, intervalNanos, TimeUnit.NANOSECONDS);
      return;
    }
    timer = loop.schedule(this::onTimeout, timeoutNanos, TimeUnit.NANOSECONDS);
    ping.run();
  }

  private void onTimeout() {
    if (heard) {
      heard = false;
      timer = loop.schedule(this::onInterval, intervalNanos, TimeUnit.NANOSECONDS);
    } else {
      timer = null;
      dead.run();
    }
  }
}

package dev.weft.proxy.detect;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a connection, held until a judge can tell what they are, within a time limit.
 * A handler to add last in the pipeline; it begins to read by itself. Runs on the channel's loop
 * only.
 *
 * <p>With an {@link EarlyDial}, a client that stays silent does not keep a server waiting: after
 * {@link #SILENCE} the target is dialled, and whichever side speaks first decides.
 *
 * <p>Exactly one method of the listener is called, once. After {@link Listener#decided} and {@link
 * Listener#serverSpoke} the bytes are still held: add what comes next to the pipeline and call
 * {@link #proceed}.
 *
 * @param <T> the verdict
 */
public final class Prelude<T> extends Holding implements Held {
  /**
   * Silence of a client after which the target is dialled. Two proxies in a row that both look stay
   * under the 300 ms that a server which speaks first may be kept waiting.
   */
  public static final Duration SILENCE = Duration.ofMillis(100);

  private final Judge<T> judge;
  private final int maxBytes;
  private final Duration timeout;
  private final @Nullable EarlyDial early;
  private final Listener<T> listener;
  private @Nullable Future<?> timer;
  private @Nullable Future<?> silence;
  private boolean over;

  /** Tells what bytes are. */
  @FunctionalInterface
  public interface Judge<T> {
    /**
     * Looks at the first bytes.
     *
     * @param bytes borrowed; what is consumed is not passed on
     * @param end whether no more will come, or fit: then null is not an answer
     * @return null if more are needed
     * @throws Exception if the bytes are unacceptable; the listener hears {@link Listener#closed}
     */
    @Nullable T judge(ByteBuf bytes, boolean end) throws Exception;
  }

  /** Hears the outcome. */
  public interface Listener<T> {
    /** The judge has decided. */
    void decided(T verdict);

    /** The target spoke before the client did; only with an {@link EarlyDial}. */
    void serverSpoke();

    /**
     * The time is over, the judge has not decided. The listener closes the channel, or proceeds.
     *
     * @param silent whether the client has not sent a byte
     */
    void timedOut(boolean silent);

    /**
     * The client went away without a byte, the connection failed, or the bytes were unacceptable.
     *
     * @param cause null if the client just left; the listener closes the channel
     */
    void closed(@Nullable Throwable cause);
  }

  /**
   * A prelude.
   *
   * @param maxBytes most bytes shown to the judge before it is told that this is the end
   * @param early not null where a silent client is to be connected to its target
   */
  public Prelude(
      Judge<T> judge,
      int maxBytes,
      Duration timeout,
      @Nullable EarlyDial early,
      Listener<T> listener) {
    this.judge = judge;
    this.maxBytes = maxBytes;
    this.timeout = timeout;
    this.early = early;
    this.listener = listener;
  }

  @Override
  public void proceed() {
    handOver();
  }

  @Override
  void ready() {
    if (timer != null || over) {
      return;
    }
    timer =
        context()
            .executor()
            .schedule(this::timeUp, Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
    if (inputEnded()) {
      look();
      return;
    }
    if (early != null) {
      if (early.begun()) {
        early.listen(this::serverSpoke);
      } else {
        silence =
            context()
                .executor()
                .schedule(this::clientSilent, SILENCE.toNanos(), TimeUnit.NANOSECONDS);
      }
    }
    readMore();
  }

  @Override
  void arrived() {
    look();
  }

  @Override
  void readComplete() {
    if (!over) {
      readMore();
    }
  }

  @Override
  void gone(@Nullable Throwable cause) {
    if (finish()) {
      listener.closed(cause);
    }
  }

  private void look() {
    if (over) {
      return;
    }
    ByteBuf bytes = held();
    if (!bytes.isReadable()) {
      if (inputEnded() && finish()) {
        listener.closed(null);
      }
      return;
    }
    if (silence != null) {
      silence.cancel(false);
      silence = null;
    }
    T verdict;
    try {
      verdict = judge.judge(bytes, inputEnded() || bytes.readableBytes() >= maxBytes);
    } catch (Exception e) {
      gone(e);
      return;
    }
    if (verdict != null && finish()) {
      listener.decided(verdict);
    }
  }

  private void clientSilent() {
    if (!over && early != null) {
      early.listen(this::serverSpoke);
      early.begin();
    }
  }

  private void serverSpoke() {
    // Bytes of the client that the judge could not place yet came first: the judge goes on.
    if (!over && !held().isReadable() && finish()) {
      listener.serverSpoke();
    }
  }

  private void timeUp() {
    if (finish()) {
      listener.timedOut(!held().isReadable());
    }
  }

  /** Whether the outcome is still open, which it no longer is afterwards. */
  private boolean finish() {
    if (over) {
      return false;
    }
    over = true;
    if (timer != null) {
      timer.cancel(false);
    }
    if (silence != null) {
      silence.cancel(false);
    }
    return true;
  }
}

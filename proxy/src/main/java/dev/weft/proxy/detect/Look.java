package dev.weft.proxy.detect;

import io.netty.channel.Channel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Prelude} of a channel and what follows it. Unless overridden, everything but a verdict
 * ends the connection. Runs on the channel's loop only.
 *
 * @param <T> the verdict
 */
public abstract class Look<T> implements Prelude.Listener<T> {
  private final Channel channel;
  private @Nullable Prelude<T> prelude;

  /** Does not look yet. */
  protected Look(Channel channel) {
    this.channel = channel;
  }

  /**
   * Looks at the first bytes; once only.
   *
   * @param maxBytes most bytes shown to the judge
   * @param early not null where a silent client is to be connected to its target
   */
  public final void begin(
      Prelude.Judge<T> judge, int maxBytes, Duration timeout, @Nullable EarlyDial early) {
    prelude = new Prelude<>(judge, maxBytes, timeout, early, this);
    channel.pipeline().addLast(prelude);
  }

  /** The bytes that were looked at; they go on when it is told to proceed. */
  protected final Held held() {
    Prelude<T> found = prelude;
    if (found == null) {
      throw new IllegalStateException("the prelude has not begun");
    }
    return found;
  }

  @Override
  public void serverSpoke() {
    throw new IllegalStateException("no server was dialled early");
  }

  @Override
  public void timedOut(boolean silent) {
    channel.close();
  }

  @Override
  public void closed(@Nullable Throwable cause) {
    channel.close();
  }
}

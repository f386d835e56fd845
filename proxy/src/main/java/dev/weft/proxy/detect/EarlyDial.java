package dev.weft.proxy.detect;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the target that may be opened before the client has said a word, so that a server
 * which speaks first is heard. Runs on the loop of both connections only.
 *
 * <p>Belongs to whoever made it, who ends it by {@link #take} or {@link #discard}. One may serve
 * several preludes of a connection, one after the other.
 */
public final class EarlyDial {
  private final Supplier<Future<Channel>> dialler;
  private @Nullable Future<Channel> dialled;
  private @Nullable FirstWord word;
  private @Nullable Runnable spoke;
  private boolean over;

  /**
   * A dial not yet made.
   *
   * @param dialler opens a quiet channel (no reads, half closure allowed) on the client's loop
   */
  public EarlyDial(Supplier<Future<Channel>> dialler) {
    this.dialler = dialler;
  }

  /** Whether {@link #begin} was called. */
  public boolean begun() {
    return dialled != null;
  }

  /** Dials and listens; failing is no event, as the client may still speak. */
  void begin() {
    if (dialled != null || over) {
      return;
    }
    Future<Channel> future = dialler.get();
    dialled = future;
    future.addListener(
        done -> {
          if (!done.isSuccess()) {
            return;
          }
          Channel channel = future.getNow();
          if (over && word == null) {
            return;
          }
          FirstWord added = new FirstWord(this::heard);
          word = added;
          channel.pipeline().addLast(added);
        });
  }

  /** {@code then} runs once when the server has spoken, or closed; at once if it has already. */
  void listen(Runnable then) {
    spoke = then;
    if (word != null && word.spoken()) {
      then.run();
    }
  }

  private void heard() {
    if (!over && spoke != null) {
      spoke.run();
    }
  }

  /**
   * The connection: the early one if there is one or it is under way, else a new one. When the next
   * handler is in the channel's pipeline, {@link #handOver} passes on what was read.
   */
  public Future<Channel> take() {
    over = true;
    spoke = null;
    Future<Channel> early = dialled;
    return early == null || (early.isDone() && !early.isSuccess()) ? dialler.get() : early;
  }

  /** Passes on what a channel got by {@link #take} has received so far. */
  public static void handOver(Channel channel) {
    FirstWord word = channel.pipeline().get(FirstWord.class);
    if (word != null) {
      word.handOver();
    }
  }

  /** Closes the connection, now or when it is made. Harmless if none was begun. */
  public void discard() {
    over = true;
    spoke = null;
    if (dialled != null) {
      dialled.addListener(
          done -> {
            if (done.isSuccess()) {
              ((Channel) done.getNow()).close();
            }
          });
    }
  }

  /** Reads once from a server, and keeps what comes. */
  private static final class FirstWord extends Holding {
    private final Runnable heard;
    private boolean spoken;

    FirstWord(Runnable heard) {
      this.heard = heard;
    }

    boolean spoken() {
      return spoken;
    }

    @Override
    void ready() {
      if (inputEnded()) {
        arrived();
      } else {
        readMore();
      }
    }

    @Override
    void arrived() {
      if (!spoken) {
        spoken = true;
        heard.run();
      }
    }

    @Override
    void readComplete() {
      if (!spoken) {
        readMore();
      }
    }

    @Override
    void gone(@Nullable Throwable cause) {
      arrived();
    }
  }
}

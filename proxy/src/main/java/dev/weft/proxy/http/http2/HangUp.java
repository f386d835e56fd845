package dev.weft.proxy.http.http2;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection's channel: says that nothing more comes, then waits a moment for the peer
 * to close. Closing with unread bytes in the socket could take back what the peer was sent and has
 * not read. Runs on the channel's loop only.
 */
final class HangUp {
  /** How long, and for how many bytes, a connection that ends waits for the peer to see why. */
  static final long LINGER_MILLIS = 1000;

  private static final int LINGER_BYTES = 1 << 20;

  private final ChannelHandlerContext ctx;
  private final FrameWriter writer;
  private int discardable = LINGER_BYTES;
  private @Nullable Future<?> timer;
  private boolean done;

  /**
   * Nothing ends yet.
   *
   * @param writer what it holds back is dropped at the end
   */
  HangUp(ChannelHandlerContext ctx, FrameWriter writer) {
    this.ctx = ctx;
    this.writer = writer;
  }

  /** Whether the channel was closed from here. */
  boolean isDone() {
    return done;
  }

  /** Ends the sending direction after what was written, and lingers from then on. */
  void whenSent() {
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            _ -> {
              linger();
              if (!done) {
                shutDownOutput();
              }
            });
  }

  private void shutDownOutput() {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound();
    } else if (ctx.channel() instanceof DuplexChannel socket) {
      socket.shutdownOutput();
    }
  }

  /** Closes in a moment, whatever the peer does. */
  void linger() {
    if (!done && timer == null) {
      timer = ctx.executor().schedule(this::now, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Bytes came that nobody wants any more; too many of them end the waiting. */
  void discard(int bytes) {
    discardable -= bytes;
    if (discardable < 0) {
      now();
    }
  }

  /** Closes at once. */
  void now() {
    if (done) {
      return;
    }
    done = true;
    if (timer != null) {
      timer.cancel(false);
    }
    writer.discard();
    ctx.close();
  }
}

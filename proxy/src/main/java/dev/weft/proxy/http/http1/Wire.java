package dev.weft.proxy.http.http1;

import dev.weft.proxy.tcp.HalfClose;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The channel as an HTTP/1 codec sees it: received bytes in a queue, reads on demand, writes that
 * leave together once per turn of the loop, and every way to end. Runs on the channel's loop only.
 *
 * <p>Owns what is in the queue. The queue holds what one read brought, as nothing is read while it
 * is not empty.
 */
final class Wire {
  private final ChannelHandlerContext ctx;
  private final ArrayDeque<ByteBuf> input = new ArrayDeque<>(4);
  private final Runnable flush = this::flush;
  private boolean readRequested;
  private boolean flushScheduled;
  private boolean inputEnded;
  private boolean outputClosed;
  private @Nullable Future<?> outputEnd;
  private boolean closed;

  /** Counts flushes, so that it can be told whether something written has left; wraps around. */
  private int flushes;

  Wire(ChannelHandlerContext ctx) {
    this.ctx = ctx;
  }

  ChannelHandlerContext ctx() {
    return ctx;
  }

  /** Adds received bytes; consumes them. */
  void received(ByteBuf bytes) {
    if (closed) {
      bytes.release();
    } else {
      input.add(bytes);
    }
  }

  /** The next received bytes, borrowed, or null when there are none. */
  @Nullable ByteBuf peek() {
    for (ByteBuf first = input.peek(); first != null; first = input.peek()) {
      if (first.isReadable()) {
        return first;
      }
      input.remove().release();
    }
    return null;
  }

  /**
   * Takes bytes from the buffer that {@link #peek} returned; the caller owns the result.
   *
   * @param bytes more than none, no more than readable
   */
  ByteBuf take(ByteBuf first, int bytes) {
    if (bytes < first.readableBytes()) {
      return first.readRetainedSlice(bytes);
    }
    return input.remove();
  }

  /** Drops received bytes and returns how many there were. */
  int discardInput() {
    int bytes = 0;
    for (ByteBuf first = input.poll(); first != null; first = input.poll()) {
      bytes += first.readableBytes();
      first.release();
    }
    return bytes;
  }

  /** Asks for one read, unless one is under way or nothing can come. */
  void requestRead() {
    if (!readRequested && !inputEnded && HalfClose.mayRead(ctx.channel())) {
      readRequested = true;
      ctx.read();
    }
  }

  /** What the read brought was handed over. */
  void readCompleted() {
    readRequested = false;
  }

  /** The peer sends no more; what it sent before may still be in the queue. */
  void inputEnded() {
    inputEnded = true;
  }

  boolean isInputEnded() {
    return inputEnded;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether what waits to be written is below the channel's high-water mark. */
  boolean isWritable() {
    return ctx.channel().isWritable();
  }

  /** Writes; consumes the bytes. They leave at the end of this turn of the loop. */
  ChannelFuture write(ByteBuf bytes) {
    if (!flushScheduled && !closed) {
      flushScheduled = true;
      ctx.executor().execute(flush);
    }
    return ctx.write(bytes);
  }

  private void flush() {
    flushScheduled = false;
    if (ctx.channel().isActive()) {
      flushes++;
      ctx.flush();
    }
  }

  /**
   * Ends the sending direction after what was written.
   *
   * @return done when the peer was told, or the channel closed
   */
  Future<?> closeOutput() {
    if (outputEnd == null) {
      // Before it happens, as the channel tells of it from within.
      outputClosed = true;
      outputEnd = HalfClose.shutdownOutput(ctx.channel());
    }
    return outputEnd;
  }

  /** Whether this side ended its sending, rather than the peer or a failure. */
  boolean isOutputClosed() {
    return outputClosed;
  }

  /** Whether bytes on the channel are protected by TLS. */
  static boolean isTls(ChannelHandlerContext ctx) {
    return ctx.pipeline().get(SslHandler.class) != null;
  }

  /** A number that changes when what was written is flushed. */
  int flushes() {
    return flushes;
  }

  /** Closes after what was written. */
  void closeAfterWrites() {
    if (!closed) {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** Closes at once. */
  void close() {
    if (!closed) {
      ctx.close();
    }
  }

  /**
   * Closes at once such that the peer cannot take what it got for a complete message: with a TCP
   * reset where the channel can, and without the orderly end that TLS would add.
   */
  void abort() {
    if (!closed) {
      ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
      ctx.channel().unsafe().close(ctx.newPromise());
    }
  }

  /** The channel is gone. */
  void closed() {
    closed = true;
    inputEnded = true;
    discardInput();
  }
}

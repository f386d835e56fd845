package dev.weft.proxy.tcp;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Gauge;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts one connection's bytes and its end. Runs on the channel's loop only. */
final class TransportMeter extends ChannelDuplexHandler {
  private final Cells cells;
  private final @Nullable Counter received;
  private final @Nullable Counter sent;
  private String errno = "";
  private boolean over;

  /**
   * The cells of a connection's labels.
   *
   * @param closed counts the end, with the errno
   */
  record Cells(
      Counter opened, Gauge open, Counter read, Counter written, Consumer<String> closed) {}

  /** Null where bytes are not counted twice. */
  TransportMeter(Cells cells, @Nullable Counter received, @Nullable Counter sent) {
    this.cells = cells;
    this.received = received;
    this.sent = sent;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    cells.opened.increment();
    cells.open.add(1);
    if (!ctx.channel().isActive()) {
      over();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof ByteBuf bytes) {
      int size = bytes.readableBytes();
      cells.read.add(size);
      if (received != null) {
        received.add(size);
      }
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (msg instanceof ByteBuf bytes) {
      int size = bytes.readableBytes();
      cells.written.add(size);
      if (sent != null) {
        sent.add(size);
      }
    }
    ctx.write(msg, promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (errno.isEmpty()) {
      errno = Errno.of(cause);
    }
    ctx.fireExceptionCaught(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    over();
    ctx.fireChannelInactive();
  }

  private void over() {
    if (!over) {
      over = true;
      cells.open.add(-1);
      cells.closed.accept(errno);
    }
  }
}

package dev.weft.proxy.tcp;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Gauge;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.function.Consumer;

/** Counts one connection's bytes and its end. Runs on the channel's loop only. */
final class TransportMeter extends ChannelDuplexHandler {
  private final Counter opened;
  private final Gauge open;
  private final Counter read;
  private final Counter written;
  private final Consumer<String> closed;
  private String errno = "";
  private boolean over;

  TransportMeter(
      Counter opened, Gauge open, Counter read, Counter written, Consumer<String> closed) {
    this.opened = opened;
    this.open = open;
    this.read = read;
    this.written = written;
    this.closed = closed;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    opened.increment();
    open.add(1);
    if (!ctx.channel().isActive()) {
      over();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof ByteBuf bytes) {
      read.add(bytes.readableBytes());
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (msg instanceof ByteBuf bytes) {
      written.add(bytes.readableBytes());
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
      open.add(-1);
      closed.accept(errno);
    }
  }
}

package dev.weft.proxy.detect;

import dev.weft.proxy.tcp.HalfClose;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what arrives, bytes and the end of the input, until the next handler is in place and {@link
 * #handOver} passes all of it on. Runs on the channel's loop only.
 *
 * <p>Subclasses read on demand. What arrives unasked (epoll reads to the end once a peer has sent
 * FIN) is kept too and is bounded by the socket's receive buffer.
 */
abstract class Holding extends ChannelInboundHandlerAdapter {
  private @Nullable ChannelHandlerContext ctx;
  private ByteBuf held = Unpooled.EMPTY_BUFFER;
  private boolean inputEnded;
  private boolean handingOver;

  /** Something new is held, or the input ended. */
  abstract void arrived();

  /** A batch of reads is over. */
  abstract void readComplete();

  /** The connection is gone; what was held is released. */
  abstract void gone(@Nullable Throwable cause);

  /** Whether reading began. */
  abstract void ready();

  final ChannelHandlerContext context() {
    if (ctx == null) {
      throw new IllegalStateException("handler is not in a pipeline");
    }
    return ctx;
  }

  /** Asks for one more read, if there is a connection to read from. */
  final void readMore() {
    if (HalfClose.mayRead(context().channel())) {
      context().read();
    }
  }

  /** What is held; borrowed by the caller, who may move the reader index. */
  final ByteBuf held() {
    return held;
  }

  final boolean inputEnded() {
    return inputEnded;
  }

  /** Leaves the pipeline and passes on to the next handler what is held. */
  final void handOver() {
    handingOver = true;
    context().pipeline().remove(this);
  }

  @Override
  public final void handlerAdded(ChannelHandlerContext added) {
    ctx = added;
    if (added.channel().isActive()) {
      inputEnded = HalfClose.inputEnded(added.channel());
      ready();
    }
  }

  @Override
  public final void channelActive(ChannelHandlerContext active) {
    ready();
    active.fireChannelActive();
  }

  @Override
  public final void handlerRemoved(ChannelHandlerContext removed) {
    ByteBuf bytes = held;
    held = Unpooled.EMPTY_BUFFER;
    if (!handingOver) {
      bytes.release();
      return;
    }
    boolean any = bytes.isReadable();
    if (any) {
      removed.fireChannelRead(bytes);
    } else {
      bytes.release();
    }
    // Before the end of the batch, when handlers ask for more.
    if (inputEnded) {
      removed.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
    if (any) {
      removed.fireChannelReadComplete();
    }
  }

  @Override
  public final void channelRead(ChannelHandlerContext from, Object msg) {
    if (!(msg instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(msg);
      return;
    }
    held = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(from.alloc(), held, bytes);
    arrived();
  }

  @Override
  public final void channelReadComplete(ChannelHandlerContext from) {
    readComplete();
  }

  @Override
  public final void userEventTriggered(ChannelHandlerContext from, Object event) {
    if (!HalfClose.isInputEnd(event)) {
      from.fireUserEventTriggered(event);
    } else if (!inputEnded) {
      inputEnded = true;
      arrived();
    }
  }

  @Override
  public final void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
    gone(cause);
    from.close();
  }

  @Override
  public final void channelInactive(ChannelHandlerContext from) {
    gone(null);
    from.fireChannelInactive();
  }
}

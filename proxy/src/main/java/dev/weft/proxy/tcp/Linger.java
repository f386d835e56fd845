package dev.weft.proxy.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection so that its peer gets the last answer: ends sending after that, and reads on
 * for a while to no end. Closing while the peer still sends would make the peer's kernel drop the
 * answer before it is read. Runs on the channel's loop only.
 *
 * <p>Source: RFC 9112, section 9.6.
 */
public final class Linger extends ChannelInboundHandlerAdapter {
  /** How long the peer may go on sending. */
  static final Duration LIMIT = Duration.ofSeconds(2);

  /** How much of it is read. */
  static final int MAX_BYTES = 1 << 20;

  private boolean inputEnded;
  private boolean outputEnded;
  private int discarded;
  private @Nullable Future<?> limit;

  private Linger() {}

  /**
   * Sends the answer and ends the connection. Handlers that hold input back must let it go
   * afterwards.
   *
   * @param answer consumed; if it is empty the connection is closed at once
   */
  public static void close(Channel channel, ByteBuf answer) {
    if (!answer.isReadable()) {
      answer.release();
      channel.close();
      return;
    }
    Linger linger = new Linger();
    linger.inputEnded = HalfClose.inputEnded(channel);
    channel.pipeline().addLast(linger);
    channel.write(answer);
    HalfClose.shutdownOutput(channel)
        .addListener(
            _ -> {
              linger.outputEnded = true;
              linger.closeIfEnded(channel);
            });
    if (HalfClose.mayRead(channel)) {
      channel.read();
    }
  }

  private void closeIfEnded(Channel channel) {
    if (inputEnded && outputEnded) {
      channel.close();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    limit = ctx.executor().schedule(() -> ctx.close(), LIMIT.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    discarded += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
    ReferenceCountUtil.release(message);
    if (discarded > MAX_BYTES) {
      ctx.close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (HalfClose.mayRead(ctx.channel())) {
      ctx.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (HalfClose.isInputEnd(event)) {
      inputEnded = true;
      closeIfEnded(ctx.channel());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (limit != null) {
      limit.cancel(false);
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}

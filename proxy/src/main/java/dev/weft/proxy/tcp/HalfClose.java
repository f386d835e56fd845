package dev.weft.proxy.tcp;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;

/**
 * The end of one direction of a connection while the other goes on. Runs on the channel's loop
 * only.
 */
public final class HalfClose {
  private HalfClose() {}

  /** Whether a user event says that the peer will send no more; mesh TLS passes on the same. */
  public static boolean isInputEnd(Object event) {
    return event instanceof ChannelInputShutdownEvent;
  }

  /** Whether the peer's end was seen already. */
  public static boolean inputEnded(Channel channel) {
    return channel instanceof DuplexChannel duplex && duplex.isInputShutdown();
  }

  /**
   * Whether the channel may be asked to read. Asking one whose peer has sent FIN makes the epoll
   * transport close it, whatever is still to be sent.
   */
  public static boolean mayRead(Channel channel) {
    return channel.isActive() && !inputEnded(channel);
  }

  /**
   * Tells the peer that nothing more will come, once all that was written before has left: TLS
   * close_notify where there is TLS, then FIN. Reading goes on.
   *
   * @return completes when all has left and the FIN is sent, or the channel failed
   */
  public static Future<?> shutdownOutput(Channel channel) {
    if (!(channel instanceof DuplexChannel duplex)) {
      return channel.close();
    }
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    ChannelFuture flushed;
    if (tls == null) {
      flushed = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    } else {
      channel.flush();
      flushed = tls.closeOutbound();
    }
    ChannelPromise done = channel.newPromise();
    flushed.addListener(
        _ -> {
          if (duplex.isOutputShutdown()) {
            done.trySuccess();
          } else {
            duplex.shutdownOutput(done);
          }
        });
    return done;
  }
}

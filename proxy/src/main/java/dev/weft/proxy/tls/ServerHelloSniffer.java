package dev.weft.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Reads the key-exchange group out of the ServerHello that passes between the wire and the TLS
 * handler, then leaves the pipeline. Runs on the channel's loop only.
 *
 * <p>The TLS library has no getter for the group. The ServerHello is plaintext and lies at the very
 * beginning of what a server sends (RFC 8446, 4.1.3); its {@code key_share} names the group.
 * Borrows every buffer, changes nothing, and looks at no more than {@link #MAX_BYTES}; when it
 * cannot tell, the group stays {@code unknown}.
 */
final class ServerHelloSniffer extends ChannelDuplexHandler {
  /** Most bytes examined: a ServerHello with a hybrid key share is about 1 200 bytes. */
  static final int MAX_BYTES = 4_096;

  /** The answer when the ServerHello could not be read. */
  static final String UNKNOWN = ServerHello.UNKNOWN;

  private final boolean serverSide;
  private final byte[] seen = new byte[MAX_BYTES];
  private int length;
  private boolean done;
  private String group = UNKNOWN;

  ServerHelloSniffer(boolean serverSide) {
    this.serverSide = serverSide;
  }

  String group() {
    return group;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    if (!serverSide) {
      look(ctx, msg);
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    if (serverSide) {
      look(ctx, msg);
    }
    ctx.write(msg, promise);
  }

  private void look(ChannelHandlerContext ctx, Object msg) {
    if (done || !(msg instanceof ByteBuf bytes)) {
      return;
    }
    int take = Math.min(bytes.readableBytes(), seen.length - length);
    bytes.getBytes(bytes.readerIndex(), seen, length, take);
    length += take;
    @Nullable String found = ServerHello.group(seen, length);
    if (found != null) {
      group = found;
      done = true;
    }
    done |= length == seen.length;
    if (done) {
      ctx.pipeline().remove(this);
    }
  }
}

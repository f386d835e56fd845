package dev.weft.proxy.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Two connections made one: what either sends, the other gets. Runs on the one loop both channels
 * share.
 *
 * <p>Demand-driven: a side is read only while the other is writable, so a slow reader holds its
 * sender back and each direction buffers no more than one read above {@link Sockets#WRITE_QUEUE}.
 * The end of one direction is passed on as a half close; the relay ends when both directions have.
 * A side that fails is passed on as a reset.
 *
 * <p>Use: construct (the handlers are added last in both pipelines), hand bytes that were read
 * before to them by {@code fireChannelRead} from the handler that holds them, then {@link #start}.
 */
public final class Relay {
  private final Side client;
  private final Side server;
  private final Listener listener;
  private @Nullable Throwable cause;
  private int open = 2;

  /** Hears of the end. */
  @FunctionalInterface
  public interface Listener {
    /** Both connections are closed. Called once, on the loop. */
    void ended(Ended ended);
  }

  /**
   * How a relay ended.
   *
   * @param fromClient bytes the client sent
   * @param fromServer bytes the server sent
   * @param cause null for an orderly end
   */
  public record Ended(long fromClient, long fromServer, @Nullable Throwable cause) {}

  /** Adds the handlers; nothing is read before {@link #start}. */
  public Relay(Channel client, Channel server, Listener listener) {
    if (client.eventLoop() != server.eventLoop()) {
      throw new IllegalArgumentException("both sides of a relay must live on one loop");
    }
    this.listener = listener;
    this.client = new Side(client);
    this.server = new Side(server);
    this.client.peer = this.server;
    this.server.peer = this.client;
    client.pipeline().addLast(this.client);
    server.pipeline().addLast(this.server);
    client.closeFuture().addListener(_ -> closed());
    server.closeFuture().addListener(_ -> closed());
  }

  /** Begins to read both sides. */
  public void start() {
    client.start();
    server.start();
  }

  /** Ends both connections at once, as a reset. Idempotent. */
  public void terminate(Throwable reason) {
    if (cause == null) {
      cause = reason;
    }
    Sockets.reset(client.channel);
    Sockets.reset(server.channel);
  }

  private void closed() {
    if (--open == 0) {
      listener.ended(new Ended(client.bytes, server.bytes, cause));
    }
  }

  private void endIfDone() {
    if (client.inputEnded && server.inputEnded && client.flushed && server.flushed) {
      client.channel.close();
      server.channel.close();
    }
  }

  /** One connection: its handler at the end of the pipeline. */
  private final class Side extends ChannelInboundHandlerAdapter {
    private final Channel channel;
    private @Nullable Side peer;
    private boolean inputEnded;
    private boolean outputEnded;

    /** Whether all that was meant for this side has left. */
    private boolean flushed;

    private long bytes;

    Side(Channel channel) {
      this.channel = channel;
    }

    private Side peer() {
      if (peer == null) {
        throw new AssertionError("sides are joined by the constructor");
      }
      return peer;
    }

    void start() {
      if (!channel.isActive()) {
        terminate(new IOException("connection closed before the relay began"));
      } else if (HalfClose.inputEnded(channel)) {
        endInput();
      } else {
        readMore();
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      if (!(msg instanceof ByteBuf data) || inputEnded || peer().outputEnded) {
        ReferenceCountUtil.release(msg);
        return;
      }
      bytes += data.readableBytes();
      peer().channel.write(data);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      peer().channel.flush();
      readMore();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      if (channel.isWritable()) {
        peer().readMore();
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (HalfClose.isInputEnd(event)) {
        endInput();
      }
      ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
      terminate(failure);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      // Ours to close only after both ends: anything else is a peer that went away.
      if (!(inputEnded && peer().inputEnded)) {
        terminate(new IOException("connection closed before both directions ended"));
      } else {
        peer().channel.close();
      }
    }

    private void readMore() {
      if (!inputEnded && !peer().outputEnded && peer().channel.isWritable() && channel.isActive()) {
        channel.read();
      }
    }

    private void endInput() {
      if (inputEnded) {
        return;
      }
      inputEnded = true;
      peer().endOutput();
    }

    private void endOutput() {
      if (outputEnded) {
        return;
      }
      outputEnded = true;
      HalfClose.shutdownOutput(channel)
          .addListener(
              _ -> {
                flushed = true;
                endIfDone();
              });
    }
  }
}

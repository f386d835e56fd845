package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.tcp.HalfClose;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both sides of a connection have in common: the events of the channel, the pump that turns
 * input into steps, and the reading of bodies and tunnels. Runs on the channel's loop only.
 *
 * @param <S> the exchanges of the side, of which one is open at a time
 */
abstract class Http1Connection<S extends Http1Stream> extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Http1Connection.class);

  final Http1Settings settings;
  final HeadReader head;
  final FieldScan scan = new FieldScan();
  final BodyReader body;
  @Nullable S current;
  boolean draining;
  private @Nullable Wire wire;
  private boolean pumping;

  Http1Connection(Http1Settings settings, HeadReader head) {
    this.settings = settings;
    this.head = head;
    this.body = new BodyReader(settings);
  }

  // What a side adds.

  /** One step; false when there is nothing to do before something else happens. */
  abstract boolean advance() throws BadMessage;

  /** Whether a read is to be under way now. */
  abstract boolean wantsInput();

  /** The body that is being read ends with the data about to be delivered. */
  abstract void onBodyEnd();

  /** The peer stopped sending in the middle of a body. */
  abstract void onInputLost();

  /** The peer broke the protocol. */
  abstract void onBadMessage(BadMessage bad);

  /** Why what is open is lost when the channel fails. */
  abstract Reset failure();

  /** Ends the current exchange, if any, and all reading. The caller closes. */
  abstract void end(Reset why);

  /** The channel is gone. */
  abstract void gone();

  // What the channel says.

  /** The channel; only valid once the handler was added. */
  public final Channel channel() {
    return wire().ctx().channel();
  }

  final boolean isAdded() {
    return wire != null;
  }

  final Wire wire() {
    if (wire == null) {
      throw new IllegalStateException("HTTP/1 connection is not in a pipeline yet");
    }
    return wire;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    wire = new Wire(ctx);
    if (HalfClose.inputEnded(ctx.channel())) {
      // Nobody will tell again. Later, as bytes that came before may only now be handed over.
      ctx.executor().execute(this::inputEnded);
    }
    if (ctx.channel().isActive()) {
      pump();
    }
  }

  @Override
  public final void channelActive(ChannelHandlerContext ctx) {
    pump();
    ctx.fireChannelActive();
  }

  @Override
  public final void channelRead(ChannelHandlerContext ctx, Object message) {
    wire().received((ByteBuf) message);
    pump();
  }

  @Override
  public final void channelReadComplete(ChannelHandlerContext ctx) {
    wire().readCompleted();
    pump();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (HalfClose.isInputEnd(event)) {
      inputEnded();
    }
    ctx.fireUserEventTriggered(event);
  }

  private void inputEnded() {
    wire().inputEnded();
    pump();
  }

  @Override
  public final void channelInactive(ChannelHandlerContext ctx) {
    gone();
    ctx.fireChannelInactive();
  }

  @Override
  public final void handlerRemoved(ChannelHandlerContext ctx) {
    gone();
  }

  @Override
  public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      LOG.debug("HTTP/1 connection failed conn={} cause={}", ctx.channel(), cause.toString());
    } else {
      LOG.error("HTTP/1 connection ended by a programming error conn={}", ctx.channel(), cause);
    }
    end(failure());
    wire().abort();
  }

  /** Closes at once; an open exchange hears a reset. */
  public final void close() {
    end(Reset.local(ErrorCode.CANCEL, "connection closed by this proxy"));
    wire().close();
  }

  /** The current exchange cannot be completed. */
  final void failed(Reset why) {
    end(why);
    wire().abort();
  }

  /** Requests sent or accepted, and not over. */
  public final int activeExchanges() {
    return current == null ? 0 : 1;
  }

  final S stream() {
    return Objects.requireNonNull(current);
  }

  /** Takes the current exchange away and tells it why. */
  final void lose(Reset why) {
    S stream = current;
    current = null;
    if (stream != null) {
      stream.lost(why);
    }
  }

  // Reading.

  /** Handles the input there is as far as it may be, then asks for more if more may come. */
  final void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      boolean more;
      do {
        more = advance();
      } while (more);
    } catch (BadMessage bad) {
      onBadMessage(bad);
    } finally {
      pumping = false;
    }
    if (wantsInput()) {
      wire().requestRead();
    }
  }

  /** Whether the current exchange wants more of the peer's message. */
  final boolean wantsData() {
    return current != null && current.wantsData();
  }

  /** A step through a body. */
  final boolean readBody() throws BadMessage {
    body.check();
    S stream = stream();
    if (!stream.wantsData()) {
      return false;
    }
    ByteBuf in = wire().peek();
    if (in == null) {
      if (!wire().isInputEnded()) {
        return false;
      }
      if (!body.endsWithConnection()) {
        onInputLost();
        return false;
      }
      onBodyEnd();
      stream.deliverEnd();
      return true;
    }
    int bytes = body.next(in);
    ByteBuf data = Unpooled.EMPTY_BUFFER;
    if (bytes > 0) {
      boolean whole = bytes == in.readableBytes();
      data = wire().take(in, bytes);
      body.took(bytes, whole ? Unpooled.EMPTY_BUFFER : in);
    }
    if (body.isEnded()) {
      onBodyEnd();
      stream.deliverEnd(data, body.trailers());
    } else if (bytes > 0) {
      stream.deliver(data);
    }
    return true;
  }

  /** A step of a tunnel, whose bytes nobody interprets. */
  final boolean readTunnel() {
    S stream = stream();
    if (!stream.wantsData()) {
      return false;
    }
    ByteBuf in = wire().peek();
    if (in != null) {
      stream.deliver(wire().take(in, in.readableBytes()));
      return true;
    }
    if (!wire().isInputEnded()) {
      return false;
    }
    stream.deliverEnd();
    return true;
  }
}

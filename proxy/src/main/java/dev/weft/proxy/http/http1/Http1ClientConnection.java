package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ClientExchange;
import dev.weft.proxy.http.ConnectionListener;
import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ResponseListener;
import dev.weft.proxy.tcp.HalfClose;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connecting side of an HTTP/1.0 or HTTP/1.1 connection. Runs on the channel's loop only.
 *
 * <p>Carries one exchange at a time. A response that breaks the protocol ends the exchange with
 * {@link Reset#violation} and the connection; so do bytes that nobody asked for, which would
 * otherwise be taken for the answer to the next request. Between exchanges a read is kept under
 * way, so that the pool hears at once when the peer closes.
 *
 * <p>{@link RequestHead#version} decides between HTTP/1.0 and HTTP/1.1 (also for a head received by
 * HTTP/2). An origin-form head with an {@link RequestHead#authority} is sent with that as its host.
 *
 * <p>Source: RFC 9112; facts/proxy.md 2.6.
 */
public final class Http1ClientConnection extends ChannelInboundHandlerAdapter
    implements ClientConnection {
  private static final Logger LOG = LoggerFactory.getLogger(Http1ClientConnection.class);

  private static final Reset WANTS_NO_MORE =
      new Reset(
          Reset.Origin.PEER,
          ErrorCode.NO_ERROR.code(),
          "connection closed after the response and before the end of the request");

  /** What the next input is. */
  private enum Phase {
    /** Nothing: no exchange is open. */
    IDLE,
    HEAD,
    BODY,
    /** Raw bytes. */
    TUNNEL,
    /** Nothing: the response ended, the request did not. */
    ANSWERED,
    CLOSED
  }

  private final Http1Settings settings;
  private final ConnectionListener listener;
  private final HeadReader head;
  private final FieldScan scan = new FieldScan();
  private final BodyReader body;
  private @Nullable Wire wire;
  private @Nullable ClientStream current;
  private Phase phase = Phase.IDLE;
  private boolean pumping;
  private boolean draining;
  private boolean persistent;
  private boolean drainingTold;
  private boolean closedTold;
  private Reset reason = Reset.CONNECTION_CLOSED;

  /** Bytes of the informational heads of the current exchange. */
  private int informationalBytes;

  /**
   * A connection to be added to a connected channel's pipeline.
   *
   * @param listener hears when the connection is idle, draining and gone
   */
  public Http1ClientConnection(Http1Settings settings, ConnectionListener listener) {
    this.settings = settings;
    this.listener = Objects.requireNonNull(listener);
    this.head = HeadReader.ofResponses(settings);
    this.body = new BodyReader(settings);
  }

  @Override
  public Channel channel() {
    return wire().ctx().channel();
  }

  private Wire wire() {
    if (wire == null) {
      throw new IllegalStateException("HTTP/1 connection is not in a pipeline yet");
    }
    return wire;
  }

  @Override
  public ClientExchange open(RequestHead request, boolean end, ResponseListener responses) {
    boolean usable = isUsable();
    Credit credit = new Credit(settings.maxInFlightBytes());
    ClientStream stream = new ClientStream(this, wire(), request, credit, responses);
    if (!usable) {
      refuse(stream, Reset.unprocessed("connection takes no request now"));
      return stream;
    }
    boolean http10 = request.version == HttpVersion.HTTP_1_0;
    String fault = stream.send(request, end);
    if (fault != null) {
      refuse(stream, Reset.local(ErrorCode.PROTOCOL_ERROR, fault));
      return stream;
    }
    persistent = !http10;
    informationalBytes = 0;
    current = stream;
    phase = Phase.HEAD;
    pump();
    return stream;
  }

  private void refuse(ClientStream stream, Reset why) {
    wire().ctx().executor().execute(() -> stream.lost(why));
  }

  @Override
  public boolean isUsable() {
    return wire != null
        && phase == Phase.IDLE
        && !draining
        && !wire.isInputEnded()
        && wire.ctx().channel().isActive();
  }

  @Override
  public int activeExchanges() {
    return current == null ? 0 : 1;
  }

  @Override
  public int maxConcurrentExchanges() {
    return 1;
  }

  @Override
  public void drain() {
    draining = true;
    tellDraining();
    if (wire != null && phase == Phase.IDLE) {
      end(Reset.NO_ERROR);
      wire().closeAfterWrites();
    }
  }

  private void tellDraining() {
    if (!drainingTold) {
      drainingTold = true;
      listener.onDraining(this);
    }
  }

  @Override
  public void close() {
    end(Reset.local(ErrorCode.CANCEL, "connection closed by this proxy"));
    wire().close();
  }

  // What the channel says.

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    wire = new Wire(ctx);
    if (!wire.isTls()) {
      // A server may answer and close before it read the whole request. The failed write must not
      // close the channel while the answer is still to be read.
      ctx.channel().config().setAutoClose(false);
    }
    if (HalfClose.inputEnded(ctx.channel())) {
      // Nobody will tell again. Later, as bytes that came before may only now be handed over.
      ctx.executor().execute(this::inputEnded);
    }
    if (ctx.channel().isActive()) {
      pump();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    pump();
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    wire().received((ByteBuf) message);
    pump();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    wire().readCompleted();
    pump();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (HalfClose.isInputEnd(event)) {
      inputEnded();
    } else if (event instanceof ChannelOutputShutdownEvent && !wire().isOutputClosed()) {
      outputBroken();
    }
    ctx.fireUserEventTriggered(event);
  }

  /** A write failed. What the peer sent before may still be a whole response. */
  private void outputBroken() {
    persistent = false;
    switch (phase) {
      case HEAD, BODY, CLOSED -> {}
      case ANSWERED -> {
        end(WANTS_NO_MORE);
        wire().close();
      }
      case IDLE, TUNNEL -> {
        end(Reset.CONNECTION_CLOSED);
        wire().abort();
      }
    }
  }

  private void inputEnded() {
    wire().inputEnded();
    pump();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    gone();
  }

  private void gone() {
    end(lossReason());
    wire().closed();
    if (!closedTold) {
      closedTold = true;
      listener.onClosed(this, reason);
    }
  }

  private Reset lossReason() {
    ClientStream stream = current;
    if (stream != null && stream.isUnsent()) {
      return Reset.unprocessed("connection closed before the request was sent");
    }
    if (phase == Phase.HEAD && !head.isPartial()) {
      return Reset.connection("connection closed before a response came");
    }
    return Reset.CONNECTION_CLOSED;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      LOG.debug("HTTP/1 client connection failed; cause: {}", cause.toString());
    } else {
      LOG.error("HTTP/1 client connection closed; cause: an error of this proxy", cause);
    }
    end(phase == Phase.ANSWERED ? WANTS_NO_MORE : lossReason());
    wire().abort();
  }

  // Reading.

  /** Handles the input there is as far as it may be, then asks for more if more may come. */
  void pump() {
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
      end(Reset.violation(ErrorCode.PROTOCOL_ERROR, bad.cause()));
      wire().abort();
    } finally {
      pumping = false;
    }
    if (wantsInput()) {
      wire().requestRead();
    }
  }

  private boolean wantsInput() {
    return switch (phase) {
      case IDLE, HEAD, ANSWERED -> true;
      case BODY, TUNNEL -> {
        ClientStream stream = stream();
        yield !stream.isResponseEnded() && stream.hasCredit();
      }
      case CLOSED -> false;
    };
  }

  private ClientStream stream() {
    return Objects.requireNonNull(current);
  }

  /** One step; false when there is nothing to do before something else happens. */
  private boolean advance() throws BadMessage {
    return switch (phase) {
      case HEAD -> readHead();
      case BODY -> readBody();
      case TUNNEL -> readTunnel();
      case IDLE -> readNothing();
      case ANSWERED -> readNothing();
      case CLOSED -> {
        wire().discardInput();
        yield false;
      }
    };
  }

  private boolean readNothing() {
    if (wire().peek() != null) {
      persistent = false;
      if (phase == Phase.IDLE) {
        end(Reset.violation(ErrorCode.PROTOCOL_ERROR, "response without a request"));
        wire().close();
        return false;
      }
      wire().discardInput();
    }
    if (wire().isInputEnded()) {
      boolean answered = phase == Phase.ANSWERED;
      end(answered ? WANTS_NO_MORE : Reset.CONNECTION_CLOSED);
      wire().close();
    }
    return false;
  }

  private boolean readHead() throws BadMessage {
    ByteBuf in = wire().peek();
    if (in == null) {
      return inputEndsExchange();
    }
    if (head.read(in)) {
      begin();
    }
    return true;
  }

  /** Without further input: if none will come, the exchange is lost. */
  private boolean inputEndsExchange() {
    if (wire().isInputEnded()) {
      end(lossReason());
      wire().abort();
    }
    return false;
  }

  private void begin() throws BadMessage {
    ClientStream stream = stream();
    ResponseHead response = ResponseReader.read(head, scan);
    int headBytes = head.size();
    head.reset();
    ResponseReader.Next next =
        ResponseReader.next(
            response, scan, stream.isHead(), stream.isConnect(), stream.isUpgradeWanted());
    if (next == ResponseReader.Next.HEAD) {
      informationalBytes += headBytes;
      if (informationalBytes > settings.maxHeadBytes()) {
        throw BadMessage.badRequest(
            "informational responses are longer than " + settings.maxHeadBytes() + " bytes");
      }
      stream.informational(response);
      return;
    }
    if (next == ResponseReader.Next.TUNNEL) {
      persistent = false;
      phase = Phase.TUNNEL;
      stream.upgrade(response);
      return;
    }
    boolean http10 = response.version == HttpVersion.HTTP_1_0;
    persistent &= http10 ? scan.keepAlive && !scan.close : !scan.close;
    persistent &= next != ResponseReader.Next.UNTIL_CLOSE;
    if (!persistent) {
      tellDraining();
    }
    boolean end = false;
    switch (next) {
      case LENGTH -> body.length(scan.contentLength);
      case CHUNKED -> body.chunked();
      case UNTIL_CLOSE -> body.untilClose();
      case NOTHING, HEAD, TUNNEL -> end = true;
    }
    phase = end ? Phase.ANSWERED : Phase.BODY;
    stream.respond(response, end);
  }

  private boolean readBody() throws BadMessage {
    body.check();
    ClientStream stream = stream();
    if (!stream.hasCredit()) {
      return false;
    }
    ByteBuf in = wire().peek();
    if (in == null) {
      if (!wire().isInputEnded() || !body.endsWithConnection()) {
        return inputEndsExchange();
      }
      phase = Phase.ANSWERED;
      stream.deliverEnd(Unpooled.EMPTY_BUFFER, null);
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
      phase = Phase.ANSWERED;
      stream.deliverEnd(data, body.trailers());
    } else if (bytes > 0) {
      stream.deliver(data);
    }
    return true;
  }

  private boolean readTunnel() {
    ClientStream stream = stream();
    if (stream.isResponseEnded() || !stream.hasCredit()) {
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
    stream.deliverEnd(Unpooled.EMPTY_BUFFER, null);
    return true;
  }

  // What streams say.

  /** The current exchange ended in both directions. */
  void ended() {
    boolean tunnel = stream().isTunnel();
    current = null;
    if (persistent && !draining && !wire().isInputEnded() && wire().peek() == null) {
      phase = Phase.IDLE;
      listener.onIdle(this);
      pump();
      return;
    }
    boolean unasked = !tunnel && wire().peek() != null;
    end(
        unasked
            ? Reset.violation(ErrorCode.PROTOCOL_ERROR, "bytes after the end of the response")
            : Reset.NO_ERROR);
    wire().closeAfterWrites();
  }

  /** The current exchange was given up. */
  void abandoned(boolean tunnel) {
    current = null;
    end(Reset.CANCEL);
    if (tunnel) {
      wire().abort();
    } else {
      wire().close();
    }
  }

  /** The current exchange cannot be completed. */
  void failed(Reset why) {
    end(why);
    wire().abort();
  }

  /** Ends the current exchange, if any, and all reading. The caller closes. */
  private void end(Reset why) {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    reason = why;
    ClientStream stream = current;
    current = null;
    if (stream != null) {
      stream.lost(why);
    }
  }
}

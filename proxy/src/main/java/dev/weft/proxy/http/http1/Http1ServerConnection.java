package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.Refusal;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.tcp.HalfClose;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accepting side of an HTTP/1.0 or HTTP/1.1 connection. Runs on the channel's loop only.
 *
 * <p>One exchange at a time: the next request is parsed only after the current one ended in both
 * directions and the peer has read enough of the answers. Until then its bytes stay where they are,
 * at most one read of them here and the rest in the kernel. What is malformed is answered with its
 * status, reported to {@link ExchangeHandler#onRefused} and ends the connection.
 *
 * <p>A request that asks for an upgrade is reported without an end. If the answer is no upgrade, an
 * empty end follows; otherwise data are raw bytes from then on.
 *
 * <p>Source: RFC 9112; facts/proxy.md 1.8 and 2.6.
 */
public final class Http1ServerConnection extends ChannelInboundHandlerAdapter
    implements ServerConnection {
  private static final Logger LOG = LoggerFactory.getLogger(Http1ServerConnection.class);

  /** How long and how much is read, to no end, so that the peer gets the last answer. */
  private static final long MAX_LINGER_MILLIS = 2_000;

  private static final int MAX_LINGER_BYTES = 1 << 20;

  /** What the next input is. */
  private enum Phase {
    /** A request head. */
    HEAD,
    /** The body of the current request. */
    BODY,
    /** Nothing of the current request: it ended, or waits for the answer to an upgrade. */
    WAIT,
    /** The end of a request whose upgrade was declined. */
    DECLINED,
    /** Raw bytes. */
    TUNNEL,
    /** Of no interest: only the last answer is still to be delivered. */
    DISCARD,
    /** Nothing. */
    CLOSED
  }

  private final ExchangeHandler handler;
  private final Http1Settings settings;
  private final HeadReader head;
  private final FieldScan scan = new FieldScan();
  private final BodyReader body;
  private @Nullable Wire wire;
  private @Nullable ServerStream current;
  private Phase phase = Phase.HEAD;
  private boolean pumping;
  private boolean draining;
  private int lingerBytes;
  private @Nullable ScheduledFuture<?> lingerEnd;

  /**
   * A connection to be added to a channel's pipeline.
   *
   * @param handler gets the requests
   */
  public Http1ServerConnection(ExchangeHandler handler, Http1Settings settings) {
    this.handler = Objects.requireNonNull(handler);
    this.settings = settings;
    this.head = HeadReader.ofRequests(settings);
    this.body = new BodyReader(settings);
  }

  @Override
  public Channel channel() {
    return wire().ctx().channel();
  }

  @Override
  public int activeExchanges() {
    return current == null ? 0 : 1;
  }

  @Override
  public void drain() {
    draining = true;
    if (wire != null && phase == Phase.HEAD && !head.isPartial() && wire().peek() == null) {
      phase = Phase.CLOSED;
      wire().closeAfterWrites();
    }
  }

  @Override
  public void close() {
    end(Reset.local(ErrorCode.CANCEL, "connection closed by this proxy"));
    wire().close();
  }

  private Wire wire() {
    if (wire == null) {
      throw new IllegalStateException("HTTP/1 connection is not in a pipeline yet");
    }
    return wire;
  }

  // What the channel says.

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
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
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
  public void channelInactive(ChannelHandlerContext ctx) {
    gone();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    gone();
  }

  private void gone() {
    wire().closed();
    if (lingerEnd != null) {
      lingerEnd.cancel(false);
    }
    end(Reset.CONNECTION_CLOSED);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      LOG.debug("HTTP/1 server connection failed; cause: {}", cause.toString());
    } else {
      LOG.error("HTTP/1 server connection closed; cause: an error of this proxy", cause);
    }
    end(Reset.connection("connection failed"));
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
      refuse(bad);
    } finally {
      pumping = false;
    }
    if (wantsInput()) {
      wire().requestRead();
    }
  }

  private boolean wantsInput() {
    ServerStream stream = current;
    return switch (phase) {
      case HEAD -> wire().isWritable();
      case BODY, TUNNEL -> stream != null && !stream.isRequestEnded() && stream.hasCredit();
      case DISCARD -> true;
      // One read ahead, so that the channel need not stop and start reading around every request.
      case WAIT -> wire().peek() == null;
      case DECLINED, CLOSED -> false;
    };
  }

  /** One step; false when there is nothing to do before something else happens. */
  private boolean advance() throws BadMessage {
    return switch (phase) {
      case HEAD -> readHead();
      case BODY -> readBody();
      case TUNNEL -> readTunnel();
      case DECLINED -> {
        phase = Phase.WAIT;
        stream().endRequest();
        yield true;
      }
      case DISCARD -> discard();
      case CLOSED -> {
        wire().discardInput();
        yield false;
      }
      case WAIT -> false;
    };
  }

  private ServerStream stream() {
    return Objects.requireNonNull(current);
  }

  private boolean readHead() throws BadMessage {
    if (!wire().isWritable()) {
      return false;
    }
    ByteBuf in = wire().peek();
    if (in == null) {
      if (wire().isInputEnded()) {
        phase = Phase.CLOSED;
        wire().closeAfterWrites();
      }
      return false;
    }
    if (head.read(in)) {
      begin();
    }
    return true;
  }

  private void begin() throws BadMessage {
    RequestHead request = RequestReader.read(head, scan);
    head.reset();
    boolean end = false;
    if (request.upgrade) {
      phase = Phase.WAIT;
    } else if (scan.chunked) {
      body.chunked();
      phase = Phase.BODY;
    } else if (scan.contentLength > 0) {
      body.length(scan.contentLength);
      phase = Phase.BODY;
    } else {
      phase = Phase.WAIT;
      end = true;
    }
    boolean http10 = request.version == HttpVersion.HTTP_1_0;
    boolean keepAlive = !scan.close && (!http10 || scan.keepAlive);
    ServerStream stream =
        new ServerStream(
            this,
            wire(),
            request,
            new Credit(settings.maxInFlightBytes()),
            keepAlive,
            scan.expectsContinue,
            end);
    current = stream;
    stream.listen(handler.onRequest(request, stream, end));
  }

  private boolean readBody() throws BadMessage {
    body.check();
    ServerStream stream = stream();
    if (!stream.hasCredit()) {
      return false;
    }
    ByteBuf in = wire().peek();
    if (in == null) {
      if (wire().isInputEnded()) {
        end(Reset.CONNECTION_CLOSED);
        wire().close();
      }
      return false;
    }
    int bytes = body.next(in);
    ByteBuf data = Unpooled.EMPTY_BUFFER;
    if (bytes > 0) {
      boolean whole = bytes == in.readableBytes();
      data = wire().take(in, bytes);
      body.took(bytes, whole ? Unpooled.EMPTY_BUFFER : in);
    }
    if (body.isEnded()) {
      phase = Phase.WAIT;
      stream.deliverEnd(data, body.trailers());
    } else if (bytes > 0) {
      stream.deliver(data);
    }
    return true;
  }

  private boolean readTunnel() {
    ServerStream stream = stream();
    if (stream.isRequestEnded() || !stream.hasCredit()) {
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
    stream.endRequest();
    return true;
  }

  private boolean discard() {
    lingerBytes += wire().discardInput();
    if (wire().isInputEnded() || lingerBytes > MAX_LINGER_BYTES) {
      phase = Phase.CLOSED;
      wire().closeAfterWrites();
    }
    return false;
  }

  // What streams say.

  /** Whether the answers given from now on must end the connection. */
  boolean isDraining() {
    return draining;
  }

  /** The current request asked for an upgrade and got another answer. */
  void declined() {
    phase = Phase.DECLINED;
    pump();
  }

  /** The current request got the upgrade it asked for. */
  void upgraded() {
    phase = Phase.TUNNEL;
    pump();
  }

  /** The current exchange ended in both directions. */
  void ended(boolean keepAlive, boolean tunnel) {
    current = null;
    if (tunnel) {
      phase = Phase.CLOSED;
      wire().closeAfterWrites();
    } else if (keepAlive && !draining) {
      phase = Phase.HEAD;
      pump();
    } else {
      closeGently();
    }
  }

  /** The current exchange was given up; its answer is complete, or there will be none. */
  void abandoned() {
    current = null;
    closeGently();
  }

  /** The current exchange was given up in the middle of its answer. */
  void aborted() {
    current = null;
    phase = Phase.CLOSED;
    wire().abort();
  }

  /** The current exchange cannot be completed. */
  void failed(Reset reason) {
    end(reason);
    wire().abort();
  }

  // Ends.

  /** Ends the current exchange, if any, and all reading. */
  private void end(Reset reason) {
    phase = Phase.CLOSED;
    ServerStream stream = current;
    current = null;
    if (stream != null) {
      stream.lost(reason);
    }
  }

  /**
   * Ends sending after what was written, then reads on for a while: closing while the peer sends
   * would make its kernel drop the answer before it is read (RFC 9112, section 9.6).
   */
  private void closeGently() {
    if (wire().isInputEnded()) {
      phase = Phase.CLOSED;
      wire().closeAfterWrites();
      return;
    }
    phase = Phase.DISCARD;
    wire()
        .closeOutput()
        .addListener(
            _ -> {
              if (!wire().isClosed()) {
                lingerEnd =
                    wire()
                        .ctx()
                        .executor()
                        .schedule(wire()::close, MAX_LINGER_MILLIS, TimeUnit.MILLISECONDS);
              }
            });
    pump();
  }

  private void refuse(BadMessage bad) {
    ServerStream stream = current;
    boolean answered = stream != null && stream.isResponseStarted();
    boolean inAnswer = answered && !stream.isResponseEnded();
    current = null;
    phase = Phase.CLOSED;
    wire().discardInput();
    if (!answered) {
      wire()
          .write(
              HeadWriter.response(
                  wire().ctx().alloc(),
                  ResponseHead.of(bad.status()),
                  HttpVersion.HTTP_1_1,
                  HeadWriter.EMPTY | HeadWriter.CLOSE));
    }
    Refusal refusal =
        new Refusal(answered ? 0 : bad.status(), ErrorCode.PROTOCOL_ERROR, bad.cause(), true);
    handler.onRefused(this, refusal);
    if (stream != null) {
      stream.lost(Reset.violation(ErrorCode.PROTOCOL_ERROR, bad.cause()));
    }
    if (inAnswer) {
      wire().abort();
    } else {
      closeGently();
    }
  }
}

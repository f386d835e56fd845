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
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import java.util.Objects;

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
public final class Http1ClientConnection extends Http1Connection<ClientStream>
    implements ClientConnection {
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

  private final ConnectionListener listener;
  private Phase phase = Phase.IDLE;
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
    super(settings, HeadReader.ofResponses(settings));
    this.listener = Objects.requireNonNull(listener);
  }

  @Override
  public ClientExchange open(RequestHead request, boolean end, ResponseListener responses) {
    boolean usable = isUsable();
    ClientStream stream = new ClientStream(this, request, responses);
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
    return isAdded()
        && phase == Phase.IDLE
        && !draining
        && !wire().isInputEnded()
        && wire().ctx().channel().isActive();
  }

  @Override
  public int maxConcurrentExchanges() {
    return 1;
  }

  @Override
  public void drain() {
    draining = true;
    tellDraining();
    if (isAdded() && phase == Phase.IDLE) {
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

  // What the channel says.

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (!Wire.isTls(ctx)) {
      // A server may answer and close before it read the whole request. The failed write must not
      // close the channel while the answer is still to be read.
      ctx.channel().config().setAutoClose(false);
    }
    super.handlerAdded(ctx);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelOutputShutdownEvent && !wire().isOutputClosed()) {
      outputBroken();
    }
    super.userEventTriggered(ctx, event);
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

  @Override
  void gone() {
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
  Reset failure() {
    return phase == Phase.ANSWERED ? WANTS_NO_MORE : lossReason();
  }

  // Reading.

  @Override
  void onBadMessage(BadMessage bad) {
    end(Reset.violation(ErrorCode.PROTOCOL_ERROR, bad.cause()));
    wire().abort();
  }

  @Override
  boolean wantsInput() {
    return switch (phase) {
      case IDLE, HEAD, ANSWERED -> true;
      case BODY, TUNNEL -> wantsData();
      case CLOSED -> false;
    };
  }

  @Override
  boolean advance() throws BadMessage {
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
      if (wire().isInputEnded()) {
        onInputLost();
      }
      return false;
    }
    if (head.read(in)) {
      begin();
    }
    return true;
  }

  @Override
  void onInputLost() {
    end(lossReason());
    wire().abort();
  }

  @Override
  void onBodyEnd() {
    phase = Phase.ANSWERED;
  }

  private void begin() throws BadMessage {
    ClientStream stream = stream();
    ResponseHead response = ResponseReader.read(head, scan);
    int headBytes = head.size();
    head.reset();
    ResponseReader.Next next =
        ResponseReader.next(
            response, scan, stream.headMethod, stream.connect, stream.upgradeWanted);
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

  // What streams say.

  /** The current exchange ended in both directions. */
  void ended() {
    boolean tunnel = stream().tunnel;
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

  @Override
  void end(Reset why) {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    reason = why;
    lose(why);
  }
}

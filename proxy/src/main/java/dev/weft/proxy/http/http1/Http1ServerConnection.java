package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.Refusal;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
public final class Http1ServerConnection extends Http1Connection<ServerStream>
    implements ServerConnection {
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
  private Phase phase = Phase.HEAD;
  private int lingerBytes;
  private @Nullable ScheduledFuture<?> lingerEnd;

  /**
   * A connection to be added to a channel's pipeline.
   *
   * @param handler gets the requests
   */
  public Http1ServerConnection(ExchangeHandler handler, Http1Settings settings) {
    super(settings, HeadReader.ofRequests(settings));
    this.handler = Objects.requireNonNull(handler);
  }

  @Override
  public void drain() {
    draining = true;
    if (isAdded() && phase == Phase.HEAD && !head.isPartial() && wire().peek() == null) {
      phase = Phase.CLOSED;
      wire().closeAfterWrites();
    }
  }

  // What the channel says.

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    pump();
  }

  @Override
  void gone() {
    wire().closed();
    if (lingerEnd != null) {
      lingerEnd.cancel(false);
    }
    end(Reset.CONNECTION_CLOSED);
  }

  @Override
  Reset failure() {
    return Reset.connection("connection failed");
  }

  // Reading.

  @Override
  boolean wantsInput() {
    return switch (phase) {
      case HEAD -> wire().isWritable();
      case BODY, TUNNEL -> wantsData();
      case DISCARD -> true;
      // One read ahead, so that the channel need not stop and start reading around every request.
      case WAIT -> wire().peek() == null;
      case DECLINED, CLOSED -> false;
    };
  }

  @Override
  boolean advance() throws BadMessage {
    return switch (phase) {
      case HEAD -> readHead();
      case BODY -> readBody();
      case TUNNEL -> readTunnel();
      case DECLINED -> {
        phase = Phase.WAIT;
        stream().deliverEnd();
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
    ServerStream stream = new ServerStream(this, request, keepAlive, scan.expectsContinue, end);
    current = stream;
    stream.listen(handler.onRequest(request, stream, end));
  }

  @Override
  void onBodyEnd() {
    phase = Phase.WAIT;
  }

  @Override
  void onInputLost() {
    end(Reset.CONNECTION_CLOSED);
    wire().close();
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

  // Ends.

  @Override
  void end(Reset reason) {
    phase = Phase.CLOSED;
    lose(reason);
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

  @Override
  void onBadMessage(BadMessage bad) {
    ServerStream stream = current;
    boolean answered = stream != null && stream.responseStarted;
    boolean inAnswer = answered && !stream.localEnded;
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

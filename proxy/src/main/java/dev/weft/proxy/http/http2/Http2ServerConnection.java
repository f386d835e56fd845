package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.Refusal;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerConnection;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The accepting side of an HTTP/2 connection with prior knowledge, TLS or not. Runs on the
 * channel's loop only.
 *
 * <p>A request that breaks the rules of messages is reset; one with too large a head gets 431; one
 * over the stream limit is refused so that it can be sent again. Whoever breaks the rules of the
 * connection, or floods it, gets GOAWAY with the code and the reason, and the connection ends. All
 * of these reach {@link ExchangeHandler#onRefused}.
 *
 * <p>Draining is in two steps (RFC 9113, section 6.8): a GOAWAY that names no stream yet, then,
 * when the peer must have seen it, the one that names the last stream; requests the peer sent
 * meanwhile are served, so none is lost.
 */
public final class Http2ServerConnection extends Http2Connection implements ServerConnection {
  static final long DRAIN_PING = 0x7765_6674_6472_6169L;
  private static final long DRAIN_PING_MILLIS = 1000;

  private final ExchangeHandler handler;
  private final ClosedStreams resetByUs = new ClosedStreams();

  private int lastStream;

  /** Streams above are not acted upon. */
  private int lastAccepted = Integer.MAX_VALUE;

  /** The client said GOAWAY: it ends with its open requests. */
  private boolean peerLeaves;

  private boolean draining;
  private boolean drainAnnounced;
  private @Nullable Future<?> drainTimer;

  /** A connection whose requests go to {@code handler}. */
  public Http2ServerConnection(Http2Settings settings, ExchangeHandler handler) {
    super(settings, true);
    this.handler = handler;
  }

  @Override
  void sayHello() {
    writer.settings(
        Frames.SETTING_MAX_CONCURRENT_STREAMS,
        settings.maxConcurrentStreams(),
        Frames.SETTING_INITIAL_WINDOW_SIZE,
        settings.streamWindowBytes(),
        Frames.SETTING_MAX_FRAME_SIZE,
        settings.maxFrameBytes(),
        Frames.SETTING_MAX_HEADER_LIST_SIZE,
        settings.maxHeaderListBytes());
  }

  @Override
  public int activeExchanges() {
    return streams.size();
  }

  // ---- requests ----

  @Override
  void onBlockOfUnknownStream(int id, byte[] block, int offset, int length, boolean end)
      throws Http2Violation {
    if ((id & 1) == 0) {
      throw new Http2Violation(ErrorCode.PROTOCOL_ERROR, "client opened a stream with even id");
    }
    decode(block, offset, length);
    if (id <= lastStream) {
      if (id > lastAccepted || resetByUs.contains(id)) {
        return;
      }
      throw new Http2Violation(ErrorCode.STREAM_CLOSED, "HEADERS on a closed stream");
    }
    lastStream = id;
    if (id > lastAccepted) {
      return;
    }
    if (streams.size() >= settings.maxConcurrentStreams()) {
      refuse(id, 0, ErrorCode.REFUSED_STREAM, "more than the allowed concurrent streams");
      return;
    }
    if (assembler.isTooLarge()) {
      refuseTooLarge(id, end);
      return;
    }
    RequestHead head = assembler.request();
    if (head == null) {
      refuse(id, 0, ErrorCode.PROTOCOL_ERROR, String.valueOf(assembler.fault()));
      return;
    }
    long body = head.isConnect() ? Http2Stream.ANY_LENGTH : assembler.contentLength();
    if (end && body > 0) {
      refuse(id, 0, ErrorCode.PROTOCOL_ERROR, "body does not match content-length");
      return;
    }
    ServerStream stream = new ServerStream(this);
    stream.expectedBytes = body;
    stream.remoteEnded = end;
    openStream(id, stream);
    stream.listen(handler.onRequest(head, stream, end));
  }

  private void refuseTooLarge(int id, boolean end) throws Http2Violation {
    ResponseHead answer = ResponseHead.of(431);
    answer.headers.add(HeaderNames.CONTENT_LENGTH, HeaderNames.ZERO);
    encoder.response(answer);
    writer.headers(id, encoder.hpack().block(), encoder.hpack().length(), true);
    if (!end) {
      sendReset(id, ErrorCode.NO_ERROR.code());
    }
    String cause = "request head larger than " + settings.maxHeaderListBytes() + " bytes";
    handler.onRefused(this, new Refusal(431, ErrorCode.ENHANCE_YOUR_CALM, cause, false));
    guard.onReset();
  }

  private void refuse(int id, int status, ErrorCode code, String cause) throws Http2Violation {
    sendReset(id, code.code());
    handler.onRefused(this, new Refusal(status, code, cause, false));
    guard.onReset();
  }

  @Override
  void onBlock(Http2Stream stream, boolean end) throws Http2Violation {
    onTrailers(stream, end);
  }

  /** Sends the head of a response. */
  void writeHead(ServerStream stream, ResponseHead head, boolean end) {
    encoder.response(head);
    writeBlock(stream, end);
    if (end) {
      localEnd(stream);
    }
    flushLater();
  }

  // ---- resets and violations ----

  @Override
  void sendReset(int stream, long code) {
    super.sendReset(stream, code);
    resetByUs.add(stream);
  }

  @Override
  void onUnknownStream(int type, int id) throws Http2Violation {
    if (id > lastStream || (id & 1) == 0) {
      throw new Http2Violation(ErrorCode.PROTOCOL_ERROR, "frame on a stream that was not opened");
    }
    if (type == Frames.DATA && id <= lastAccepted && !resetByUs.contains(id)) {
      refuse(id, 0, ErrorCode.STREAM_CLOSED, "DATA on a closed stream");
    }
  }

  @Override
  void onPeerReset(Http2Stream stream) throws Http2Violation {
    // Giving up a response under way is a client's right; starting work in vain is the attack.
    if (stream instanceof ServerStream request && !request.responded) {
      guard.onReset();
    }
  }

  @Override
  void onStreamViolation(ErrorCode code, String cause) throws Http2Violation {
    handler.onRefused(this, new Refusal(0, code, cause, false));
    guard.onReset();
  }

  @Override
  void onConnectionViolation(ErrorCode code, String cause) {
    handler.onRefused(this, new Refusal(0, code, cause, true));
  }

  @Override
  void onPeerSetting(int id, long value) throws Http2Violation {
    if (id == Frames.SETTING_ENABLE_PUSH && value > 1) {
      throw new Http2Violation(ErrorCode.PROTOCOL_ERROR, "ENABLE_PUSH is neither 0 nor 1");
    }
  }

  @Override
  void onPeerSettings() {}

  // ---- the end ----

  @Override
  void onGoAway(int last, long code, String debug) {
    peerLeaves = true;
    closeIfDrained();
  }

  @Override
  public void drain() {
    if (draining || !isOpen()) {
      return;
    }
    draining = true;
    writer.goAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR.code(), "");
    writer.ping(DRAIN_PING, false);
    drainTimer = loop().schedule(this::announceDrain, DRAIN_PING_MILLIS, TimeUnit.MILLISECONDS);
    flushLater();
  }

  @Override
  void onPingAnswered(long payload) {
    if (payload == DRAIN_PING && draining) {
      announceDrain();
    }
  }

  private void announceDrain() {
    if (drainAnnounced || !isOpen()) {
      return;
    }
    drainAnnounced = true;
    lastAccepted = lastStream;
    writer.goAway(lastAccepted, ErrorCode.NO_ERROR.code(), "");
    flushLater();
    closeIfDrained();
  }

  private void closeIfDrained() {
    if ((drainAnnounced || peerLeaves) && streams.isEmpty()) {
      closeWhenSent();
    }
  }

  @Override
  void onStreamGone() {
    closeIfDrained();
  }

  @Override
  int lastPeerStream() {
    return Math.min(lastStream, lastAccepted);
  }

  @Override
  void onTerminated(Reset reason) {
    if (drainTimer != null) {
      drainTimer.cancel(false);
    }
  }
}

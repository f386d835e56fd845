package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ClientExchange;
import dev.weft.proxy.http.ConnectionListener;
import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ResponseListener;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;

/**
 * The connecting side of an HTTP/2 connection with prior knowledge, TLS or not. Runs on the
 * channel's loop only.
 *
 * <p>Requests over the peer's stream limit (taken as {@link #ASSUMED_STREAM_LIMIT} until the peer
 * says) wait in order. When the peer goes away, requests which it says it has not processed hear
 * {@link Reset#unprocessed}, as do those which wait; the rest run to their end.
 */
public final class Http2ClientConnection extends Http2Connection implements ClientConnection {
  /** The limit until the peer's SETTINGS come (RFC 9113, section 6.5.2, recommends it). */
  static final int ASSUMED_STREAM_LIMIT = 100;

  private final ConnectionListener listener;
  private final ArrayDeque<ClientStream> waiting = new ArrayDeque<>();

  private int nextStream = 1;
  private int limit = ASSUMED_STREAM_LIMIT;
  private int nextLimit = Integer.MAX_VALUE;
  private boolean limitKnown;
  private boolean draining;

  /** A connection whose pool is {@code listener}. */
  public Http2ClientConnection(Http2Settings settings, ConnectionListener listener) {
    super(settings, false);
    this.listener = listener;
  }

  @Override
  void sayHello() {
    writer.preface();
    writer.settings(
        Frames.SETTING_ENABLE_PUSH,
        0,
        Frames.SETTING_INITIAL_WINDOW_SIZE,
        settings.streamWindowBytes(),
        Frames.SETTING_MAX_FRAME_SIZE,
        settings.maxFrameBytes(),
        Frames.SETTING_MAX_HEADER_LIST_SIZE,
        settings.maxHeaderListBytes());
  }

  @Override
  public boolean isUsable() {
    return isOpen() && !draining;
  }

  @Override
  public int activeExchanges() {
    return streams.size() + waiting.size();
  }

  @Override
  public int maxConcurrentExchanges() {
    return limit;
  }

  // ---- requests ----

  @Override
  public ClientExchange open(RequestHead head, boolean end, ResponseListener response) {
    ClientStream stream = new ClientStream(this, head, end, response);
    if (!isUsable()) {
      refuseLater(stream, "connection takes no further request");
    } else if (streams.size() < limit && waiting.isEmpty()) {
      start(stream);
      flushLater();
    } else if (waiting.size() < settings.maxWaiting()) {
      waiting.add(stream);
    } else {
      refuseLater(stream, "more than " + settings.maxWaiting() + " requests wait for a stream");
    }
    return stream;
  }

  private void refuseLater(ClientStream stream, String detail) {
    loop().execute(() -> refuse(stream, detail));
  }

  private static void refuse(ClientStream stream, String detail) {
    if (!stream.closed) {
      stream.closed = true;
      stream.releasePending();
      stream.response.onReset(Reset.unprocessed(detail));
    }
  }

  private void start(ClientStream stream) {
    RequestHead head = stream.head;
    if (head == null) {
      throw new IllegalStateException("request started twice");
    }
    stream.head = null;
    openStream(nextStream, stream);
    nextStream += 2;
    boolean endsHere =
        stream.endAsked && !stream.hasPendingData() && stream.pendingTrailers == null;
    encoder.request(head);
    writeBlock(stream, endsHere);
    if (endsHere) {
      localEnd(stream);
    } else {
      sendFlow.resume(stream);
    }
    if (nextStream < 0) {
      // The ids are used up; the next request needs another connection.
      drain();
    }
  }

  private void startWaiting() {
    while (isOpen() && streams.size() < limit) {
      ClientStream stream = waiting.poll();
      if (stream == null) {
        return;
      }
      if (nextStream < 0) {
        refuseLater(stream, "connection has no stream ids left");
      } else {
        start(stream);
      }
    }
  }

  @Override
  void resetByUser(Http2Stream stream, Reset reason) {
    if (stream.id == 0) {
      waiting.remove(stream);
    }
    super.resetByUser(stream, reason);
    if (stream.id == 0) {
      reportIfIdle();
    }
  }

  // ---- responses ----

  @Override
  void onBlock(Http2Stream stream, boolean end) throws Http2Violation {
    if (stream.headReceived || !(stream instanceof ClientStream request)) {
      onTrailers(stream, end);
      return;
    }
    if (assembler.isTooLarge()) {
      String cause = "response head larger than " + settings.maxHeaderListBytes() + " bytes";
      violate(stream, ErrorCode.ENHANCE_YOUR_CALM, cause);
      return;
    }
    ResponseHead head = assembler.response();
    if (head == null) {
      violate(stream, ErrorCode.PROTOCOL_ERROR, String.valueOf(assembler.fault()));
    } else if (head.isInformational()) {
      onInformational(request, head, end);
    } else {
      onResponse(request, head, end);
    }
  }

  private void onInformational(ClientStream stream, ResponseHead head, boolean end)
      throws Http2Violation {
    if (end) {
      violate(stream, ErrorCode.PROTOCOL_ERROR, "informational response ends the stream");
    } else if (++stream.informationals > ClientStream.MAX_INFORMATIONAL) {
      violate(stream, ErrorCode.ENHANCE_YOUR_CALM, "too many informational responses");
    } else {
      stream.response.onInformational(head);
    }
  }

  private void onResponse(ClientStream stream, ResponseHead head, boolean end)
      throws Http2Violation {
    boolean tunnel = stream.isConnect && head.status < 300;
    if (stream.isHead || head.status == 204 || head.status == 304) {
      stream.expectedBytes = 0;
    } else if (!tunnel) {
      stream.expectedBytes = assembler.contentLength();
    }
    if (end && stream.expectedBytes > 0) {
      violate(stream, ErrorCode.PROTOCOL_ERROR, "body does not match content-length");
      return;
    }
    stream.headReceived = true;
    stream.remoteEnded = end;
    if (!tunnel) {
      stream.response.onResponse(head, end);
    } else {
      stream.response.onUpgrade(head);
      if (end && !stream.closed) {
        stream.response.onData(Unpooled.EMPTY_BUFFER, true);
      }
    }
    if (end) {
      finishIfDone(stream);
    }
  }

  @Override
  void onBlockOfUnknownStream(int id, byte[] block, int offset, int length, boolean end)
      throws Http2Violation {
    onUnknownStream(Frames.HEADERS, id);
    // Sent before the peer knew of our reset; the compression state still needs it.
    decode(block, offset, length);
  }

  @Override
  void onUnknownStream(int type, int id) throws Http2Violation {
    if ((id & 1) == 0 || (nextStream > 0 && id >= nextStream)) {
      throw new Http2Violation(ErrorCode.PROTOCOL_ERROR, "frame on a stream that was not opened");
    }
  }

  @Override
  void onPeerReset(Http2Stream stream) {}

  @Override
  void onStreamViolation(ErrorCode code, String cause) {}

  @Override
  void onConnectionViolation(ErrorCode code, String cause) {}

  // ---- settings ----

  @Override
  void onPeerSetting(int id, long value) throws Http2Violation {
    if (id == Frames.SETTING_ENABLE_PUSH && value != 0) {
      throw new Http2Violation(ErrorCode.PROTOCOL_ERROR, "server set ENABLE_PUSH");
    }
    if (id == Frames.SETTING_MAX_CONCURRENT_STREAMS) {
      nextLimit = (int) Math.min(value, Integer.MAX_VALUE);
    }
  }

  @Override
  void onPeerSettings() {
    if (limitKnown && nextLimit == limit) {
      return;
    }
    limitKnown = true;
    limit = nextLimit;
    listener.onMaxConcurrentExchanges(this, limit);
    startWaiting();
  }

  @Override
  void onPingAnswered(long payload) {}

  // ---- the end ----

  @Override
  void onGoAway(int last, long code, String debug) {
    ErrorCode named = ErrorCode.of(code);
    String detail =
        "peer sent GOAWAY with "
            + (named != null ? named.name() : "0x" + Long.toHexString(code))
            + (debug.isEmpty() ? "" : " (" + debug + ")");
    beginDraining();
    for (ClientStream stream = waiting.poll(); stream != null; stream = waiting.poll()) {
      refuse(stream, detail);
    }
    for (Http2Stream stream : streams.values().toArray(Http2Stream[]::new)) {
      if (stream.id > last && !stream.closed) {
        drop(stream, Reset.unprocessed(detail));
      }
    }
    closeIfDrained();
  }

  @Override
  public void drain() {
    if (isOpen()) {
      beginDraining();
      closeIfDrained();
    }
  }

  private void beginDraining() {
    if (!draining) {
      draining = true;
      listener.onDraining(this);
    }
  }

  private void closeIfDrained() {
    if (draining && isOpen() && activeExchanges() == 0) {
      writer.goAway(0, ErrorCode.NO_ERROR.code(), "");
      closeWhenSent();
    }
  }

  @Override
  void onStreamGone() {
    startWaiting();
    reportIfIdle();
  }

  private void reportIfIdle() {
    if (activeExchanges() > 0) {
      return;
    }
    if (draining) {
      closeIfDrained();
    } else if (isOpen()) {
      listener.onIdle(this);
    }
  }

  @Override
  int lastPeerStream() {
    return 0;
  }

  @Override
  void onTerminated(Reset reason) {
    for (ClientStream stream = waiting.poll(); stream != null; stream = waiting.poll()) {
      refuse(stream, "connection ended before the request was sent");
    }
    listener.onClosed(this, reason);
  }
}

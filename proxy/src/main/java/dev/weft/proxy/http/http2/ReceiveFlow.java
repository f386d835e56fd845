package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ErrorCode;

/**
 * What the peer may send: windows that open only as bytes are gone from memory. Runs on the
 * connection's loop only.
 *
 * <p>Every byte of DATA takes from the connection's window and gives back exactly once: when its
 * user consumed it, when its stream was reset, or at once when nobody wants it. Credit is told to
 * the peer in one update for half a window.
 *
 * <p>Source: RFC 9113, sections 5.2 and 6.9.
 */
final class ReceiveFlow {
  private final Http2Connection connection;
  private final FrameWriter writer;
  private final int connectionWindowBytes;
  private final int streamWindowBytes;

  private int window;
  private int credit;

  /** What a new stream may receive: until our SETTINGS are acknowledged, no less than default. */
  private int streamWindow;

  ReceiveFlow(Http2Connection connection, FrameWriter writer, Http2Settings settings) {
    this.connection = connection;
    this.writer = writer;
    this.connectionWindowBytes = settings.connectionWindowBytes();
    this.streamWindowBytes = settings.streamWindowBytes();
    this.window = connectionWindowBytes;
    this.streamWindow = Math.max(streamWindowBytes, Frames.DEFAULT_WINDOW_BYTES);
  }

  /** A stream begins. */
  void open(Http2Stream stream) {
    stream.receiveWindow = streamWindow;
  }

  /** Tells the peer the connection's window. */
  void announce() {
    int more = connectionWindowBytes - Frames.DEFAULT_WINDOW_BYTES;
    if (more > 0) {
      writer.windowUpdate(0, more);
    }
  }

  /** From now on the peer keeps to our window, also on streams it opened before. */
  void settingsAcknowledged() {
    int change = streamWindowBytes - streamWindow;
    streamWindow = streamWindowBytes;
    if (change != 0) {
      for (Http2Stream stream : connection.streams.values()) {
        stream.receiveWindow += change;
      }
    }
  }

  /** DATA of this length came on whatever stream. */
  void take(int bytes) throws Http2Violation {
    if (bytes > window) {
      throw new Http2Violation(ErrorCode.FLOW_CONTROL_ERROR, "connection window exceeded");
    }
    window -= bytes;
  }

  /** Bytes of a stream are gone. */
  void give(Http2Stream stream, int bytes) {
    give(bytes);
    if (stream.remoteEnded || stream.closed) {
      return;
    }
    stream.credit += bytes;
    if (stream.credit >= streamWindowBytes >> 1) {
      stream.receiveWindow += stream.credit;
      writer.windowUpdate(stream.id, stream.credit);
      stream.credit = 0;
    }
  }

  /** Bytes are gone whose stream needs none back. */
  void give(int bytes) {
    credit += bytes;
    if (credit > 0 && credit >= connectionWindowBytes >> 1 && connection.isOpen()) {
      window += credit;
      writer.windowUpdate(0, credit);
      credit = 0;
    }
  }

  /** A stream was reset: what was delivered and not consumed goes back. */
  void abandon(Http2Stream stream) {
    int unconsumed = stream.unconsumed;
    stream.unconsumed = 0;
    give(unconsumed);
  }
}

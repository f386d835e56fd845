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
 * <p>Where the settings allow it, the window of a stream doubles with each such update: a large
 * body then needs few updates and does not wait for round trips, while a small one costs nothing.
 * The connection's window grows by as much, so that a stream whose user stops reading takes nothing
 * from the others, and shrinks again when the stream ends; {@link #MAX_GROWTH_BYTES} bounds it.
 *
 * <p>Source: RFC 9113, sections 5.2 and 6.9.
 */
final class ReceiveFlow {
  /** How much all streams of a connection together may grow, and so its window. */
  static final int MAX_GROWTH_BYTES = 2 << 20;

  private final Http2Connection connection;
  private final FrameWriter writer;
  private final int connectionWindowBytes;
  private final int maxStreamWindowBytes;
  private final int streamWindowBytes;

  private int window;

  /** Bytes gone which the peer was not told of; negative while a window that grew shrinks. */
  private int credit;

  /** By how much the streams there are have grown. */
  private int growth;

  /** What a new stream may receive: until our SETTINGS are acknowledged, no less than default. */
  private int streamWindow;

  ReceiveFlow(Http2Connection connection, FrameWriter writer, Http2Settings settings) {
    this.connection = connection;
    this.writer = writer;
    this.connectionWindowBytes = settings.connectionWindowBytes();
    this.streamWindowBytes = settings.streamWindowBytes();
    this.maxStreamWindowBytes = settings.maxStreamWindowBytes();
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
    if (stream.credit >= streamWindowBytes + stream.growth >> 1) {
      grow(stream);
      stream.receiveWindow += stream.credit;
      writer.windowUpdate(stream.id, stream.credit);
      stream.credit = 0;
    }
  }

  private void grow(Http2Stream stream) {
    int full = streamWindowBytes + stream.growth;
    int more = Math.min(full, maxStreamWindowBytes - full);
    if (more <= 0 || growth + more > MAX_GROWTH_BYTES) {
      return;
    }
    growth += more;
    stream.growth += more;
    stream.credit += more;
    credit += more;
  }

  /** A stream ended: the window it had beyond others is withdrawn as credit that is not given. */
  void ended(Http2Stream stream) {
    growth -= stream.growth;
    credit -= stream.growth;
    stream.growth = 0;
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
    ended(stream);
    give(unconsumed);
  }
}

package dev.weft.proxy.http.http2;

import io.netty.buffer.ByteBuf;

/**
 * What a {@link FrameReader} reports, in wire order. Lengths, flags and the kind of stream id were
 * checked; stream states were not. Called on the connection's loop only.
 */
interface FrameSink {
  /**
   * A DATA frame began.
   *
   * @param length what flow control counts: the whole payload with padding
   */
  void dataBegins(int stream, int length, boolean end) throws Http2Violation;

  /** {@code bytes} of the current DATA frame are padding and gone. */
  void dataPadding(int bytes);

  /**
   * Bytes of the current DATA frame; at least one call per frame.
   *
   * @param data owned by the receiver; may be empty
   * @param last whether they are the last of the frame
   */
  void data(ByteBuf data, boolean last) throws Http2Violation;

  /**
   * A whole header block, continuations included.
   *
   * @param block borrowed
   */
  void headers(int stream, byte[] block, int offset, int length, boolean end) throws Http2Violation;

  void priority(int stream) throws Http2Violation;

  void rstStream(int stream, long code) throws Http2Violation;

  /** SETTINGS begins; its entries follow as {@link #setting}, then {@link #settingsEnd}. */
  void settingsBegin() throws Http2Violation;

  void setting(int id, long value) throws Http2Violation;

  void settingsEnd() throws Http2Violation;

  void settingsAck() throws Http2Violation;

  void ping(long payload) throws Http2Violation;

  void pingAck(long payload) throws Http2Violation;

  /** GOAWAY, with the beginning of its debug data as printable text. */
  void goAway(int lastStream, long code, String debug) throws Http2Violation;

  /**
   * WINDOW_UPDATE; {@code increment} may be zero, which is an error of the stream or connection.
   */
  void windowUpdate(int stream, int increment) throws Http2Violation;

  /** A frame of a type that is not defined; it was skipped. */
  void unknown() throws Http2Violation;

  /** Whether nothing more is wanted, so that the reader must stop. */
  boolean isStopped();
}

package dev.weft.proxy.http.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames. Runs on the connection's loop only.
 *
 * <p>Frames gather in one buffer until {@link #flush}; a large body is not copied into it but
 * written after it, so that one system call takes both. Nothing here decides whether a frame may be
 * sent.
 */
final class FrameWriter {
  /** A body up to this is cheaper to copy than to write by itself. */
  private static final int MAX_COPIED_BYTES = 1024;

  private static final int CHUNK_BYTES = 1024;
  private static final int MAX_GATHERED_BYTES = 32 * 1024;

  private final ChannelHandlerContext ctx;
  private int maxFrameBytes = Frames.DEFAULT_MAX_FRAME_BYTES;
  private @Nullable ByteBuf gathered;
  private boolean written;

  FrameWriter(ChannelHandlerContext ctx) {
    this.ctx = ctx;
  }

  /** The peer's SETTINGS_MAX_FRAME_SIZE. */
  void maxFrameBytes(int bytes) {
    maxFrameBytes = bytes;
  }

  int maxFrameBytes() {
    return maxFrameBytes;
  }

  void preface() {
    byte[] bytes = Frames.PREFACE.getBytes(StandardCharsets.US_ASCII);
    room(bytes.length).writeBytes(bytes);
  }

  /**
   * DATA.
   *
   * @param data consumed; no larger than a frame
   */
  void data(int stream, ByteBuf data, boolean end) {
    int length = data.readableBytes();
    ByteBuf out = frame(Frames.DATA, end ? Frames.FLAG_END_STREAM : 0, stream, length);
    if (length <= MAX_COPIED_BYTES) {
      try {
        out.writeBytes(data);
      } finally {
        data.release();
      }
      return;
    }
    pass();
    write(data);
  }

  /** An empty DATA frame that ends the message. */
  void end(int stream) {
    frame(Frames.DATA, Frames.FLAG_END_STREAM, stream, 0);
  }

  /** HEADERS, with CONTINUATION frames where the block is larger than a frame. */
  void headers(int stream, byte[] block, int length, boolean end) {
    int flags = end ? Frames.FLAG_END_STREAM : 0;
    int type = Frames.HEADERS;
    int at = 0;
    while (length - at > maxFrameBytes) {
      frame(type, flags, stream, maxFrameBytes).writeBytes(block, at, maxFrameBytes);
      at += maxFrameBytes;
      type = Frames.CONTINUATION;
      flags = 0;
    }
    frame(type, flags | Frames.FLAG_END_HEADERS, stream, length - at)
        .writeBytes(block, at, length - at);
  }

  void rstStream(int stream, long code) {
    frame(Frames.RST_STREAM, 0, stream, 4).writeInt((int) code);
  }

  /** SETTINGS with pairs of id and value. */
  void settings(int... idsAndValues) {
    ByteBuf out = frame(Frames.SETTINGS, 0, 0, idsAndValues.length * 3);
    for (int i = 0; i < idsAndValues.length; i += 2) {
      out.writeShort(idsAndValues[i]).writeInt(idsAndValues[i + 1]);
    }
  }

  void settingsAck() {
    frame(Frames.SETTINGS, Frames.FLAG_ACK, 0, 0);
  }

  void ping(long payload, boolean ack) {
    frame(Frames.PING, ack ? Frames.FLAG_ACK : 0, 0, 8).writeLong(payload);
  }

  void goAway(int lastStream, long code, String debug) {
    byte[] text = debug.getBytes(StandardCharsets.UTF_8);
    frame(Frames.GOAWAY, 0, 0, 8 + text.length)
        .writeInt(lastStream)
        .writeInt((int) code)
        .writeBytes(text);
  }

  void windowUpdate(int stream, int increment) {
    frame(Frames.WINDOW_UPDATE, 0, stream, 4).writeInt(increment);
  }

  /** Whether there is anything to flush. */
  boolean isDirty() {
    return written || gathered != null;
  }

  void flush() {
    pass();
    if (written) {
      written = false;
      ctx.flush();
    }
  }

  /** Gives up what was not flushed. */
  void discard() {
    ReferenceCountUtil.release(gathered);
    gathered = null;
  }

  private ByteBuf frame(int type, int flags, int stream, int length) {
    ByteBuf out = room(Frames.HEADER_BYTES + Math.min(length, MAX_COPIED_BYTES));
    return out.writeInt(length << 8 | type).writeByte(flags).writeInt(stream);
  }

  private ByteBuf room(int bytes) {
    ByteBuf out = gathered;
    if (out != null && out.readableBytes() + bytes > MAX_GATHERED_BYTES) {
      pass();
      out = null;
    }
    if (out == null) {
      out = ctx.alloc().directBuffer(Math.max(bytes, CHUNK_BYTES));
      gathered = out;
    }
    return out;
  }

  /** Hands what was gathered to the channel, without a flush. */
  private void pass() {
    ByteBuf out = gathered;
    if (out != null) {
      gathered = null;
      write(out);
    }
  }

  private void write(ByteBuf out) {
    written = true;
    // A failed write fails the connection, which hears of it as an exception.
    ctx.write(out, ctx.voidPromise());
  }
}

package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ErrorCode;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts the bytes of one connection into frames. Runs on the connection's loop only.
 *
 * <p>DATA goes up as it arrives, in slices and without copying; a frame may come in several pieces.
 * Any other frame goes up whole: what is missing is waited for in a buffer no larger than that
 * frame. Unknown frames and excess debug data are skipped without being kept. A header block is
 * bounded by bytes and by frames, whatever its fields would decode to.
 *
 * <p>Source: RFC 9113, sections 3.4, 4 and 6.
 */
final class FrameReader {
  /** A block this much longer than the list bound is an attack, not a message to be answered. */
  private static final int BLOCK_TO_LIST_RATIO = 4;

  private static final int MIN_BLOCK_BOUND_BYTES = 64 * 1024;

  /** Continuations allowed beyond one for each {@link #CONTINUATION_BYTES} of the block's bound. */
  private static final int SPARE_CONTINUATIONS = 8;

  private static final int CONTINUATION_BYTES = 4096;
  private static final int MAX_DEBUG_BYTES = 128;
  private static final int MAX_SETTINGS_PAYLOAD_BYTES = 6 * 128;
  private static final int MAX_KEPT_BLOCK_BYTES = 4096;

  /** What the next bytes are. */
  private enum Expect {
    PREFACE,
    FRAME,
    PAD_LENGTH,
    DATA,
    SKIP,
    /** The payload of a frame that goes up whole. */
    WHOLE
  }

  private final FrameSink sink;
  private final int maxFrameBytes;
  private final int maxBlockBytes;
  private final int maxContinuations;

  private Expect expect;
  private int prefaceAt;
  private boolean settingsSeen;

  /** Bytes of a frame header, or of a frame that goes up whole, which came so far. */
  private byte[] partial = new byte[Frames.HEADER_BYTES];

  private int partialBytes;

  private int type;
  private int flags;
  private int stream;
  private int length;

  /** Of the payload: what is left of DATA or to be skipped, and the padding after DATA. */
  private int left;

  private int padding;

  private byte[] block = new byte[0];
  private int blockBytes;
  private int blockStream;
  private boolean blockEnd;
  private int continuations;

  FrameReader(FrameSink sink, boolean server, int maxFrameBytes, int maxHeaderListBytes) {
    this.sink = sink;
    this.maxFrameBytes = maxFrameBytes;
    this.maxBlockBytes =
        (int) Math.max(MIN_BLOCK_BOUND_BYTES, (long) maxHeaderListBytes * BLOCK_TO_LIST_RATIO);
    this.maxContinuations = SPARE_CONTINUATIONS + maxBlockBytes / CONTINUATION_BYTES;
    this.expect = server ? Expect.PREFACE : Expect.FRAME;
  }

  /**
   * Reads all of a buffer.
   *
   * @param in borrowed
   */
  void read(ByteBuf in) throws Http2Violation {
    while (!sink.isStopped()) {
      switch (expect) {
        case PREFACE -> {
          if (!in.isReadable()) {
            return;
          }
          preface(in);
        }
        case FRAME -> {
          if (!frameHeader(in)) {
            return;
          }
        }
        case PAD_LENGTH -> {
          if (!in.isReadable()) {
            return;
          }
          padLength(in.readUnsignedByte());
        }
        case DATA -> {
          if (left > 0 && !in.isReadable()) {
            return;
          }
          data(in);
        }
        case SKIP -> {
          int n = Math.min(left, in.readableBytes());
          in.skipBytes(n);
          left -= n;
          if (left > 0) {
            return;
          }
          expect = Expect.FRAME;
        }
        case WHOLE -> {
          if (!whole(in)) {
            return;
          }
        }
      }
    }
  }

  private void preface(ByteBuf in) throws Http2Violation {
    while (in.isReadable()) {
      if (in.readByte() != Frames.PREFACE.charAt(prefaceAt++)) {
        throw protocol("not the HTTP/2 connection preface");
      }
      if (prefaceAt == Frames.PREFACE.length()) {
        expect = Expect.FRAME;
        return;
      }
    }
  }

  /** Returns false when bytes are missing. */
  private boolean frameHeader(ByteBuf in) throws Http2Violation {
    if (partialBytes == 0 && in.readableBytes() >= Frames.HEADER_BYTES) {
      int lengthAndType = in.readInt();
      length = lengthAndType >>> 8;
      type = lengthAndType & 0xff;
      flags = in.readByte();
      stream = in.readInt() & 0x7fff_ffff;
    } else {
      int n = Math.min(Frames.HEADER_BYTES - partialBytes, in.readableBytes());
      in.readBytes(partial, partialBytes, n);
      partialBytes += n;
      if (partialBytes < Frames.HEADER_BYTES) {
        return false;
      }
      partialBytes = 0;
      length = int24(partial, 0);
      type = partial[3] & 0xff;
      flags = partial[4];
      stream = int32(partial, 5) & 0x7fff_ffff;
    }
    begin();
    return true;
  }

  private void begin() throws Http2Violation {
    if (length > maxFrameBytes) {
      throw size("frame of " + length + " bytes, allowed are " + maxFrameBytes);
    }
    if (!settingsSeen && (type != Frames.SETTINGS || isSet(Frames.FLAG_ACK))) {
      throw protocol("first frame is not SETTINGS");
    }
    if (blockStream != 0 && (type != Frames.CONTINUATION || stream != blockStream)) {
      throw protocol("header block interrupted by another frame");
    }
    switch (type) {
      case Frames.DATA -> beginData();
      case Frames.HEADERS -> {
        requireStream();
        beginBlockPart(0);
      }
      case Frames.CONTINUATION -> {
        if (blockStream == 0) {
          throw protocol("CONTINUATION without HEADERS");
        }
        if (++continuations > maxContinuations) {
          throw calm("header block in more than " + maxContinuations + " CONTINUATION frames");
        }
        beginBlockPart(blockBytes);
      }
      case Frames.PRIORITY -> {
        requireStream();
        requireLength(5);
      }
      case Frames.RST_STREAM -> {
        requireStream();
        requireLength(4);
      }
      case Frames.SETTINGS -> beginSettings();
      case Frames.PUSH_PROMISE -> throw protocol("PUSH_PROMISE, although push is off");
      case Frames.PING -> {
        requireNoStream();
        requireLength(8);
      }
      case Frames.GOAWAY -> {
        requireNoStream();
        if (length < 8) {
          throw size("GOAWAY of " + length + " bytes");
        }
      }
      case Frames.WINDOW_UPDATE -> requireLength(4);
      default -> {
        left = length;
        expect = Expect.SKIP;
        sink.unknown();
      }
    }
    if (expect == Expect.FRAME) {
      expect = Expect.WHOLE;
    }
  }

  private void beginData() throws Http2Violation {
    requireStream();
    left = length;
    padding = 0;
    if (isSet(Frames.FLAG_PADDED)) {
      if (length == 0) {
        throw size("padded DATA without a pad length");
      }
      expect = Expect.PAD_LENGTH;
    } else {
      expect = Expect.DATA;
    }
    sink.dataBegins(stream, length, isSet(Frames.FLAG_END_STREAM));
  }

  private void padLength(int pad) throws Http2Violation {
    left--;
    if (pad > left) {
      throw protocol("padding longer than the DATA frame");
    }
    left -= pad;
    padding = pad;
    sink.dataPadding(pad + 1);
    expect = Expect.DATA;
  }

  private void data(ByteBuf in) throws Http2Violation {
    int n = Math.min(left, in.readableBytes());
    left -= n;
    boolean last = left == 0;
    if (last) {
      left = padding;
      expect = padding > 0 ? Expect.SKIP : Expect.FRAME;
    }
    sink.data(in.readRetainedSlice(n), last);
  }

  private void beginBlockPart(int before) throws Http2Violation {
    if (before + length > maxBlockBytes) {
      throw calm("header block longer than " + maxBlockBytes + " bytes");
    }
  }

  private void beginSettings() throws Http2Violation {
    requireNoStream();
    if (isSet(Frames.FLAG_ACK) ? length != 0 : length % 6 != 0) {
      throw size("SETTINGS of " + length + " bytes");
    }
    if (length > MAX_SETTINGS_PAYLOAD_BYTES) {
      throw calm("SETTINGS of " + length + " bytes");
    }
    settingsSeen = true;
  }

  /** Returns false when bytes are missing. */
  private boolean whole(ByteBuf in) throws Http2Violation {
    int wanted = type == Frames.GOAWAY ? Math.min(length, 8 + MAX_DEBUG_BYTES) : length;
    if (partialBytes == 0 && in.hasArray() && in.readableBytes() >= wanted) {
      int at = in.arrayOffset() + in.readerIndex();
      in.skipBytes(wanted);
      complete(in.array(), at, wanted);
      return true;
    }
    int n = Math.min(wanted - partialBytes, in.readableBytes());
    if (partial.length < wanted) {
      // Grows with what came, not with what a frame header promised.
      int grown = Math.max(partialBytes + n, Math.min(wanted, partial.length * 2));
      if (grown > partial.length) {
        partial = Arrays.copyOf(partial, grown);
      }
    }
    in.readBytes(partial, partialBytes, n);
    partialBytes += n;
    if (partialBytes < wanted) {
      return false;
    }
    partialBytes = 0;
    byte[] bytes = partial;
    if (partial.length > MAX_KEPT_BLOCK_BYTES) {
      partial = new byte[Frames.HEADER_BYTES];
    }
    complete(bytes, 0, wanted);
    return true;
  }

  private void complete(byte[] bytes, int at, int n) throws Http2Violation {
    left = length - n;
    expect = left > 0 ? Expect.SKIP : Expect.FRAME;
    switch (type) {
      case Frames.HEADERS -> headers(bytes, at);
      case Frames.CONTINUATION -> continuation(bytes, at, n);
      case Frames.PRIORITY -> {
        if ((int32(bytes, at) & 0x7fff_ffff) == stream) {
          throw protocol("stream depends on itself");
        }
        sink.priority(stream);
      }
      case Frames.RST_STREAM -> sink.rstStream(stream, uint32(bytes, at));
      case Frames.SETTINGS -> settings(bytes, at, n);
      case Frames.PING -> {
        long payload = uint32(bytes, at) << 32 | uint32(bytes, at + 4);
        if (isSet(Frames.FLAG_ACK)) {
          sink.pingAck(payload);
        } else {
          sink.ping(payload);
        }
      }
      case Frames.GOAWAY ->
          sink.goAway(
              int32(bytes, at) & 0x7fff_ffff,
              uint32(bytes, at + 4),
              printable(bytes, at + 8, n - 8));
      case Frames.WINDOW_UPDATE -> sink.windowUpdate(stream, int32(bytes, at) & 0x7fff_ffff);
      default -> throw new IllegalStateException("frame type " + type + " is not read whole");
    }
  }

  private void headers(byte[] bytes, int at) throws Http2Violation {
    int start = at;
    int stop = at + length;
    if (isSet(Frames.FLAG_PADDED)) {
      if (length == 0) {
        throw size("padded HEADERS without a pad length");
      }
      stop -= bytes[start++] & 0xff;
    }
    if (isSet(Frames.FLAG_PRIORITY)) {
      if (start + 5 > at + length) {
        throw size("HEADERS too short for its priority");
      }
      if ((int32(bytes, start) & 0x7fff_ffff) == stream) {
        throw protocol("stream depends on itself");
      }
      start += 5;
    }
    if (stop < start) {
      throw protocol("padding longer than the HEADERS frame");
    }
    boolean end = isSet(Frames.FLAG_END_STREAM);
    if (isSet(Frames.FLAG_END_HEADERS)) {
      sink.headers(stream, bytes, start, stop - start, end);
      return;
    }
    blockStream = stream;
    blockEnd = end;
    blockBytes = 0;
    continuations = 0;
    append(bytes, start, stop - start);
  }

  private void continuation(byte[] bytes, int at, int n) throws Http2Violation {
    append(bytes, at, n);
    if (!isSet(Frames.FLAG_END_HEADERS)) {
      return;
    }
    byte[] whole = block;
    blockStream = 0;
    block = new byte[0];
    sink.headers(stream, whole, 0, blockBytes, blockEnd);
  }

  private void append(byte[] bytes, int at, int n) {
    if (block.length - blockBytes < n) {
      block = Arrays.copyOf(block, Math.max(block.length * 2, blockBytes + n));
    }
    System.arraycopy(bytes, at, block, blockBytes, n);
    blockBytes += n;
  }

  private void settings(byte[] bytes, int at, int n) throws Http2Violation {
    if (isSet(Frames.FLAG_ACK)) {
      sink.settingsAck();
      return;
    }
    sink.settingsBegin();
    for (int i = at; i < at + n; i += 6) {
      sink.setting((bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff), uint32(bytes, i + 2));
    }
    sink.settingsEnd();
  }

  private boolean isSet(int flag) {
    return (flags & flag) != 0;
  }

  private void requireStream() throws Http2Violation {
    if (stream == 0) {
      throw protocol("frame of type " + type + " on stream 0");
    }
  }

  private void requireNoStream() throws Http2Violation {
    if (stream != 0) {
      throw protocol("frame of type " + type + " on a stream");
    }
  }

  private void requireLength(int bytes) throws Http2Violation {
    if (length != bytes) {
      throw size("frame of type " + type + " with " + length + " bytes");
    }
  }

  private static String printable(byte[] bytes, int at, int n) {
    byte[] text = Arrays.copyOfRange(bytes, at, at + n);
    for (int i = 0; i < n; i++) {
      if (text[i] < ' ' || text[i] > '~') {
        text[i] = '.';
      }
    }
    return new String(text, StandardCharsets.US_ASCII);
  }

  private static int int24(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
  }

  private static int int32(byte[] bytes, int at) {
    return bytes[at] << 24 | int24(bytes, at + 1);
  }

  private static long uint32(byte[] bytes, int at) {
    return int32(bytes, at) & 0xffff_ffffL;
  }

  private static Http2Violation protocol(String cause) {
    return new Http2Violation(ErrorCode.PROTOCOL_ERROR, cause);
  }

  private static Http2Violation size(String cause) {
    return new Http2Violation(ErrorCode.FRAME_SIZE_ERROR, cause);
  }

  private static Http2Violation calm(String cause) {
    return new Http2Violation(ErrorCode.ENHANCE_YOUR_CALM, cause);
  }
}

package dev.weft.proxy.http.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The far end of a connection under test: frames to bytes and bytes to readable lines. Header
 * blocks go through Netty's HPACK, which knows nothing of the one under test.
 */
final class Wire {
  static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  static final String[] GET = {":method=GET", ":scheme=http", ":path=/", ":authority=web"};
  static final String[] POST = {":method=POST", ":scheme=http", ":path=/", ":authority=web"};

  private static final String[] TYPES = {
    "DATA",
    "HEADERS",
    "PRIORITY",
    "RST_STREAM",
    "SETTINGS",
    "PUSH_PROMISE",
    "PING",
    "GOAWAY",
    "WINDOW_UPDATE",
    "CONTINUATION"
  };
  private static final String[] CODES = {
    "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT",
    "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR",
    "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"
  };

  private final DefaultHttp2HeadersEncoder encoder =
      new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE);
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private final ByteBuf received = Unpooled.buffer();

  // ---- bytes to send ----

  static byte[] frame(int type, int flags, int stream, byte... payload) {
    ByteBuf out = Unpooled.buffer(9 + payload.length);
    out.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
    return bytes(out.writeBytes(payload));
  }

  static byte[] settings(int... idsAndValues) {
    ByteBuf payload = Unpooled.buffer();
    for (int i = 0; i < idsAndValues.length; i += 2) {
      payload.writeShort(idsAndValues[i]).writeInt(idsAndValues[i + 1]);
    }
    return frame(Frames.SETTINGS, 0, 0, bytes(payload));
  }

  static byte[] settingsAck() {
    return frame(Frames.SETTINGS, Frames.FLAG_ACK, 0);
  }

  byte[] block(String... fields) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    for (String field : fields) {
      int cut = field.indexOf('=', 1);
      headers.add(field.substring(0, cut), field.substring(cut + 1));
    }
    ByteBuf out = Unpooled.buffer();
    try {
      encoder.encodeHeaders(1, headers, out);
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    }
    return bytes(out);
  }

  /** A block in the order given and without any coding; Netty puts pseudo-header fields first. */
  static byte[] rawBlock(String... fields) {
    ByteBuf out = Unpooled.buffer();
    for (String field : fields) {
      int cut = field.indexOf('=', 1);
      byte[] name = field.substring(0, cut).getBytes(StandardCharsets.ISO_8859_1);
      byte[] value = field.substring(cut + 1).getBytes(StandardCharsets.ISO_8859_1);
      out.writeByte(0).writeByte(name.length).writeBytes(name);
      out.writeByte(value.length).writeBytes(value);
    }
    return bytes(out);
  }

  byte[] headers(int stream, boolean end, String... fields) {
    return frame(
        Frames.HEADERS,
        Frames.FLAG_END_HEADERS | (end ? Frames.FLAG_END_STREAM : 0),
        stream,
        block(fields));
  }

  static byte[] rawHeaders(int stream, boolean end, String... fields) {
    return frame(
        Frames.HEADERS,
        Frames.FLAG_END_HEADERS | (end ? Frames.FLAG_END_STREAM : 0),
        stream,
        rawBlock(fields));
  }

  static byte[] data(int stream, boolean end, String text) {
    return data(stream, end, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] data(int stream, boolean end, byte[] bytes) {
    return frame(Frames.DATA, end ? Frames.FLAG_END_STREAM : 0, stream, bytes);
  }

  static byte[] rst(int stream, int code) {
    return frame(Frames.RST_STREAM, 0, stream, int32(code));
  }

  static byte[] windowUpdate(int stream, int increment) {
    return frame(Frames.WINDOW_UPDATE, 0, stream, int32(increment));
  }

  static byte[] ping(long payload, boolean ack) {
    return frame(Frames.PING, ack ? 1 : 0, 0, bytes(Unpooled.copyLong(payload)));
  }

  static byte[] goAway(int last, int code) {
    return frame(Frames.GOAWAY, 0, 0, concat(int32(last), int32(code)));
  }

  static byte[] int32(int value) {
    return bytes(Unpooled.copyInt(value));
  }

  static byte[] concat(byte[]... parts) {
    return bytes(Unpooled.wrappedBuffer(parts));
  }

  private static byte[] bytes(ByteBuf buffer) {
    return ByteBufUtil.getBytes(buffer);
  }

  /** A tracked buffer, as a socket would bring it. */
  static ByteBuf buffer(byte[] bytes, int from, int to) {
    return ByteBufAllocator.DEFAULT.directBuffer(to - from + 1).writeBytes(bytes, from, to - from);
  }

  // ---- bytes received ----

  /** Takes bytes and returns the frames complete by now, one line each. */
  List<String> take(ByteBuf bytes) {
    received.writeBytes(bytes);
    bytes.release();
    List<String> lines = new ArrayList<>();
    while (received.readableBytes() >= 9
        && received.readableBytes() >= 9 + received.getUnsignedMedium(received.readerIndex())) {
      int length = received.readUnsignedMedium();
      int type = received.readUnsignedByte();
      int flags = received.readUnsignedByte();
      int stream = received.readInt();
      lines.add(describe(type, flags, stream, received.readSlice(length)));
    }
    received.discardReadBytes();
    return lines;
  }

  private String describe(int type, int flags, int stream, ByteBuf payload) {
    StringJoiner line = new StringJoiner(" ");
    line.add(TYPES[type]);
    if (stream != 0) {
      line.add(Integer.toString(stream));
    }
    switch (type) {
      case Frames.DATA ->
          line.add(
              payload.readableBytes() > 64
                  ? payload.readableBytes() + " bytes"
                  : "'" + payload.toString(StandardCharsets.UTF_8) + "'");
      case Frames.HEADERS -> {
        if ((flags & Frames.FLAG_END_HEADERS) == 0) {
          line.add("unfinished");
          break;
        }
        try {
          for (Map.Entry<CharSequence, CharSequence> field :
              decoder.decodeHeaders(stream, payload)) {
            line.add(field.getKey() + "=" + field.getValue());
          }
        } catch (Http2Exception e) {
          throw new AssertionError(e);
        }
      }
      case Frames.RST_STREAM -> line.add(CODES[payload.readInt()]);
      case Frames.GOAWAY -> {
        line.add(Integer.toString(payload.readInt()));
        line.add(CODES[payload.readInt()]);
      }
      case Frames.SETTINGS -> {
        if ((flags & Frames.FLAG_ACK) != 0) {
          line.add("ack");
        }
        while (payload.isReadable()) {
          line.add(payload.readUnsignedShort() + "=" + payload.readInt());
        }
      }
      case Frames.PING ->
          line.add(((flags & Frames.FLAG_ACK) != 0 ? "ack " : "") + payload.readLong());
      case Frames.WINDOW_UPDATE -> line.add(Integer.toString(payload.readInt()));
      default -> line.add(payload.readableBytes() + " bytes");
    }
    boolean canEnd = type == Frames.DATA || type == Frames.HEADERS;
    return line + (canEnd && (flags & Frames.FLAG_END_STREAM) != 0 ? " end" : "");
  }
}

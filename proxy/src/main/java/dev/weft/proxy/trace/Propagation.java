package dev.weft.proxy.trace;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which headers carry a trace context, in the order in which they are looked for.
 *
 * <p>Source: W3C Trace Context, version 00; OpenCensus BinaryEncoding; openzipkin/b3-propagation;
 * facts/proxy.md 5.3.
 */
enum Propagation {
  /** {@code traceparent: 00-(32 hex)-(16 hex)-(2 hex)}. */
  W3C {
    private static final int LENGTH = 55;
    private static final int PARENT_AT = 36;
    private static final int FLAGS_AT = 53;

    @Override
    @Nullable TraceContext read(HeaderBlock headers) {
      AsciiString value = headers.get(HeaderNames.TRACEPARENT);
      if (value == null
          || value.length() != LENGTH
          || !value.startsWith("00-")
          || value.byteAt(PARENT_AT - 1) != '-'
          || value.byteAt(FLAGS_AT - 1) != '-'
          || !Hex.isLower(value, 3, PARENT_AT - 1)
          || !Hex.isLower(value, PARENT_AT, FLAGS_AT - 1)
          || !Hex.isLower(value, FLAGS_AT, LENGTH)) {
        return null;
      }
      return context(
          Hex.read(value, 3, 19),
          Hex.read(value, 19, PARENT_AT - 1),
          Hex.read(value, PARENT_AT, FLAGS_AT - 1),
          (int) Hex.read(value, FLAGS_AT, LENGTH));
    }

    @Override
    void write(HeaderBlock headers, TraceContext context) {
      byte[] text = new byte[LENGTH];
      text[0] = '0';
      text[1] = '0';
      text[2] = '-';
      Hex.write(text, 3, 16, context.traceHigh());
      Hex.write(text, 19, 16, context.traceLow());
      text[PARENT_AT - 1] = '-';
      Hex.write(text, PARENT_AT, 16, context.parentId());
      text[FLAGS_AT - 1] = '-';
      Hex.write(text, FLAGS_AT, 2, context.flags());
      headers.set(HeaderNames.TRACEPARENT, new AsciiString(text, false));
    }
  },

  /** {@code grpc-trace-bin}: base64 of version 0 and fields 0 (trace), 1 (parent), 2 (flags). */
  GRPC_BINARY {
    private static final AsciiString NAME = AsciiString.cached("grpc-trace-bin");
    private static final int BYTES = 29;
    private static final int MAX_CHARS = 44;
    private static final int PARENT_FIELD_AT = 18;
    private static final int FLAGS_FIELD_AT = 27;

    @Override
    @Nullable TraceContext read(HeaderBlock headers) {
      AsciiString value = headers.get(NAME);
      if (value == null || value.length() > MAX_CHARS) {
        return null;
      }
      byte[] bytes;
      try {
        bytes = Base64.getDecoder().decode(value.toByteArray());
      } catch (IllegalArgumentException _) {
        return null;
      }
      if (bytes.length != BYTES
          || bytes[0] != 0
          || bytes[1] != 0
          || bytes[PARENT_FIELD_AT] != 1
          || bytes[FLAGS_FIELD_AT] != 2) {
        return null;
      }
      ByteBuffer fields = ByteBuffer.wrap(bytes);
      return context(
          fields.getLong(2),
          fields.getLong(10),
          fields.getLong(PARENT_FIELD_AT + 1),
          fields.get(FLAGS_FIELD_AT + 1) & 0xff);
    }

    @Override
    void write(HeaderBlock headers, TraceContext context) {
      byte[] bytes =
          ByteBuffer.allocate(BYTES)
              .putShort((short) 0)
              .putLong(context.traceHigh())
              .putLong(context.traceLow())
              .put((byte) 1)
              .putLong(context.parentId())
              .put((byte) 2)
              .put((byte) context.flags())
              .array();
      headers.set(NAME, new AsciiString(Base64.getEncoder().withoutPadding().encode(bytes), false));
    }
  },

  /** {@code x-b3-traceid}, {@code x-b3-spanid} and {@code x-b3-sampled}. */
  B3 {
    private static final AsciiString PARENT = AsciiString.cached("x-b3-parentspanid");
    private static final int MAX_TRACE_CHARS = 32;
    private static final int MAX_SPAN_CHARS = 16;

    @Override
    @Nullable TraceContext read(HeaderBlock headers) {
      AsciiString trace = headers.get(HeaderNames.X_B3_TRACEID);
      AsciiString span = headers.get(HeaderNames.X_B3_SPANID);
      if (trace == null || span == null || !isId(trace, MAX_TRACE_CHARS)) {
        return null;
      }
      if (!isId(span, MAX_SPAN_CHARS)) {
        return null;
      }
      AsciiString sampled = headers.get(HeaderNames.X_B3_SAMPLED);
      int low = Math.max(0, trace.length() - 16);
      return context(
          Hex.read(trace, 0, low),
          Hex.read(trace, low, trace.length()),
          Hex.read(span, 0, span.length()),
          sampled != null && sampled.contentEquals("1") ? 1 : 0);
    }

    private boolean isId(AsciiString text, int maxChars) {
      return !text.isEmpty() && text.length() <= maxChars && Hex.isAny(text, 0, text.length());
    }

    @Override
    void write(HeaderBlock headers, TraceContext context) {
      byte[] id = new byte[16];
      Hex.write(id, 0, 16, context.parentId());
      int parent = headers.indexOf(PARENT, 0);
      AsciiString before = headers.get(HeaderNames.X_B3_SPANID);
      if (parent >= 0 && before != null) {
        headers.value(parent, before);
      }
      headers.set(HeaderNames.X_B3_SPANID, new AsciiString(id, false));
    }
  };

  /** The context, null if the request has none in this format. */
  abstract @Nullable TraceContext read(HeaderBlock headers);

  /** Replaces what {@link #read} found; the trace stays, the parent changes. */
  abstract void write(HeaderBlock headers, TraceContext context);

  /** Null if an id is zero, which none may be. */
  @Nullable TraceContext context(long traceHigh, long traceLow, long parentId, int flags) {
    return (traceHigh | traceLow) == 0 || parentId == 0
        ? null
        : new TraceContext(this, traceHigh, traceLow, parentId, flags);
  }
}

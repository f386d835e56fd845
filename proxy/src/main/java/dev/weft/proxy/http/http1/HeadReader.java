package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a head (or trailer section) as the bytes come, in any pieces. Reused from head
 * to head. Runs on the channel's loop only.
 *
 * <p>The bytes are copied once into one array, in which names are made lower case and on which all
 * strings of the head are views. Every byte is looked at once; what is wrong is noticed at the very
 * byte, so the verdict does not depend on how the bytes were cut. Bounded by the settings.
 *
 * <p>Strict (RFC 9112, sections 2.2 and 5): lines end with CRLF alone; no line folding; no white
 * space before a colon.
 */
final class HeadReader {
  /** Where in the fields the next byte falls. */
  private enum State {
    FIELD_START,
    NAME,
    VALUE_START,
    VALUE,
    FIELD_END,
    LAST_LINE_END,
    DONE
  }

  private static final int FIRST_ARRAY_BYTES = 2048;
  private static final int MIN_GROWTH_BYTES = 256;
  private static final byte[] NOTHING = {};

  private final Http1Settings settings;

  /** Null for trailers. */
  private final @Nullable FirstLine firstLine;

  private State state = State.FIELD_START;
  private byte[] bytes = NOTHING;

  /** How many of {@link #bytes} were received. */
  private int length;

  /** How many of them were looked at. */
  private int at;

  /** Where the name or value begins that is being read. */
  private int mark;

  private AsciiString name = AsciiString.EMPTY_STRING;
  private HeaderBlock fields = new HeaderBlock();

  private HeadReader(Http1Settings settings, @Nullable FirstLine firstLine) {
    this.settings = settings;
    this.firstLine = firstLine;
  }

  static HeadReader ofRequests(Http1Settings settings) {
    return new HeadReader(settings, new FirstLine(true, settings.maxRequestLineBytes()));
  }

  static HeadReader ofResponses(Http1Settings settings) {
    return new HeadReader(settings, new FirstLine(false, settings.maxRequestLineBytes()));
  }

  static HeadReader ofTrailers(Http1Settings settings) {
    return new HeadReader(settings, null);
  }

  /** Forgets the head that was read; its strings stay as they are. */
  void reset() {
    if (firstLine != null) {
      firstLine.reset();
    }
    state = State.FIELD_START;
    bytes = NOTHING;
    length = 0;
    at = 0;
    name = AsciiString.EMPTY_STRING;
    fields = new HeaderBlock();
  }

  /** Whether a byte of the head was received which is not complete. */
  boolean isPartial() {
    return length > 0 && state != State.DONE;
  }

  /**
   * Takes bytes up to the end of the head.
   *
   * @param in borrowed
   * @return whether the head is complete; if not, all bytes were taken
   */
  boolean read(ByteBuf in) throws BadMessage {
    while (state != State.DONE) {
      if (at == length) {
        if (!in.isReadable()) {
          return false;
        }
        receive(in);
      }
      scan();
    }
    in.readerIndex(in.readerIndex() - (length - at));
    length = at;
    return true;
  }

  private void receive(ByteBuf in) throws BadMessage {
    int room = settings.maxHeadBytes() - length;
    if (room == 0) {
      throw firstLine != null && !firstLine.isDone()
          ? firstLine.tooLong()
          : new BadMessage(431, "head is longer than " + settings.maxHeadBytes() + " bytes");
    }
    if (length == bytes.length) {
      int more =
          length == 0
              ? Math.min(FIRST_ARRAY_BYTES, in.readableBytes())
              : Math.max(length, MIN_GROWTH_BYTES);
      bytes = Arrays.copyOf(bytes, length + Math.min(room, more));
    }
    int count = Math.min(bytes.length - length, in.readableBytes());
    in.readBytes(bytes, length, count);
    length += count;
  }

  /** Looks at what was received, up to the end of the head. */
  private void scan() throws BadMessage {
    if (firstLine != null && !firstLine.isDone()) {
      at = firstLine.scan(bytes, at, length);
    }
    while (at < length && state != State.DONE) {
      switch (state) {
        case FIELD_START -> fieldStart(bytes[at]);
        case NAME -> name();
        case VALUE_START -> valueStart();
        case VALUE -> value();
        case FIELD_END -> lineEnd(State.FIELD_START);
        case LAST_LINE_END -> lineEnd(State.DONE);
        case DONE -> throw new AssertionError(state);
      }
    }
  }

  private void fieldStart(byte b) throws BadMessage {
    if (b == '\r') {
      at++;
      state = State.LAST_LINE_END;
    } else if (b == ' ' || b == '\t') {
      throw BadMessage.badRequest("line begins with white space");
    } else if (fields.size() == settings.maxFields()) {
      throw new BadMessage(431, "more than " + settings.maxFields() + " fields");
    } else {
      mark = at;
      state = State.NAME;
    }
  }

  private void name() throws BadMessage {
    byte[] all = bytes;
    int end = length;
    int i = at;
    while (i < end) {
      byte lower = Chars.lowerToken(all[i]);
      if (lower == 0) {
        break;
      }
      all[i++] = lower;
    }
    at = i;
    if (i == end) {
      return;
    }
    if (all[i] != ':' || i == mark) {
      throw badName(all[i]);
    }
    name = HeaderNames.of(all, mark, i - mark);
    at++;
    state = State.VALUE_START;
  }

  private static BadMessage badName(byte b) {
    return BadMessage.badRequest(
        switch (b) {
          case ':' -> "field without a name";
          case ' ', '\t' -> "white space in or after a field name";
          case '\r', '\n' -> "line without a colon";
          default -> "invalid character in a field name";
        });
  }

  private void valueStart() {
    int i = at;
    while (i < length && isSpace(bytes[i])) {
      i++;
    }
    at = i;
    if (i < length) {
      mark = i;
      state = State.VALUE;
    }
  }

  private void value() throws BadMessage {
    byte[] all = bytes;
    int end = length;
    int i = at;
    while (i < end && Chars.isValue(all[i])) {
      i++;
    }
    at = i;
    if (i == end) {
      return;
    }
    if (all[i] != '\r') {
      throw BadMessage.badRequest(
          switch (all[i]) {
            case '\n' -> "LF without CR";
            case 0 -> "NUL in a field value";
            default -> "control character in a field value";
          });
    }
    while (i > mark && isSpace(all[i - 1])) {
      i--;
    }
    fields.add(
        name, i == mark ? AsciiString.EMPTY_STRING : new AsciiString(all, mark, i - mark, false));
    at++;
    state = State.FIELD_END;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  private void lineEnd(State next) throws BadMessage {
    if (bytes[at] != '\n') {
      throw BadMessage.badRequest("CR without LF");
    }
    at++;
    state = next;
  }

  /** The line before the fields; not for trailers. */
  FirstLine firstLine() {
    if (firstLine == null) {
      throw new IllegalStateException("trailers have no first line");
    }
    return firstLine;
  }

  /** The fields, owned by the caller once {@link #reset} was called. */
  HeaderBlock fields() {
    return fields;
  }

  /** The array in which the positions of the first line count. Must not be changed. */
  byte[] bytes() {
    return bytes;
  }

  /** Bytes of the head looked at so far. */
  int size() {
    return at;
  }
}

package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.util.Arrays;

/**
 * Reads the lines of a head (or trailer section) as the bytes come, in any pieces. Runs on the
 * channel's loop only.
 *
 * <p>The bytes are copied once into one array, in which names are made lower case and on which all
 * strings of the head are views. Every byte is looked at once; what is wrong is noticed at the very
 * byte, so the verdict does not depend on how the bytes were cut. Bounded by the settings.
 *
 * <p>Strict (RFC 9112, sections 2.2, 3 and 5): lines end with CRLF alone; no line folding; no white
 * space before a colon; single spaces in the request line.
 */
final class HeadReader {
  /** What the first line is. */
  enum Kind {
    REQUEST,
    RESPONSE,
    TRAILERS
  }

  /** Where in a head the next byte falls. */
  private enum State {
    START,
    EMPTY_LINE_END,
    METHOD,
    TARGET,
    REQUEST_VERSION,
    RESPONSE_VERSION,
    STATUS,
    AFTER_STATUS,
    REASON,
    FIRST_LINE_END,
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
  private static final int MAX_EMPTY_LINES_BEFORE_REQUEST = 2;
  private static final byte[] VERSION_PREFIX = {'H', 'T', 'T', 'P', '/'};
  private static final int VERSION_LENGTH = 8;
  private static final byte[] NOTHING = {};
  private static final byte CR = '\r';
  private static final byte LF = '\n';

  private final Kind kind;
  private final Http1Settings settings;

  private State state;
  private boolean inFirstLine;
  private byte[] bytes = NOTHING;

  /** How many of {@link #bytes} were received. */
  private int length;

  /** How many of them were looked at. */
  private int at;

  /** Where the line, name or value begins that is being read. */
  private int mark;

  private int firstLineStart;
  private int emptyLines;
  private AsciiString name = AsciiString.EMPTY_STRING;
  private HeaderBlock fields = new HeaderBlock();

  private int methodEnd;
  private int targetEnd;
  private int minorVersion;
  private int status;
  private int reasonStart;
  private int reasonEnd;

  HeadReader(Kind kind, Http1Settings settings) {
    this.kind = kind;
    this.settings = settings;
    this.inFirstLine = kind != Kind.TRAILERS;
    this.state = inFirstLine ? State.START : State.FIELD_START;
  }

  /** Forgets the head that was read; its strings stay as they are. */
  void reset() {
    inFirstLine = kind != Kind.TRAILERS;
    state = inFirstLine ? State.START : State.FIELD_START;
    bytes = NOTHING;
    length = 0;
    at = 0;
    emptyLines = 0;
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
      throw inFirstLine ? lineTooLong() : headTooLarge();
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

  private BadMessage lineTooLong() {
    return new BadMessage(
        414, "first line is longer than " + settings.maxRequestLineBytes() + " bytes");
  }

  private BadMessage headTooLarge() {
    return new BadMessage(431, "head is longer than " + settings.maxHeadBytes() + " bytes");
  }

  /** Looks at what was received, up to the end of the head. */
  private void scan() throws BadMessage {
    while (at < length) {
      if (inFirstLine) {
        firstLine();
      } else {
        field();
        if (state == State.DONE) {
          return;
        }
      }
    }
  }

  private void firstLine() throws BadMessage {
    int lineLimit = firstLineStart + settings.maxRequestLineBytes();
    int end = length;
    if (state != State.START && state != State.EMPTY_LINE_END) {
      if (at >= lineLimit) {
        throw lineTooLong();
      }
      end = Math.min(length, lineLimit);
    }
    byte b = bytes[at];
    switch (state) {
      case START -> start(b);
      case EMPTY_LINE_END -> {
        expectLf(b);
        state = State.START;
      }
      case METHOD -> method(end);
      case TARGET -> target(end);
      case REQUEST_VERSION -> {
        if (at - mark == VERSION_LENGTH) {
          if (b != CR) {
            throw BadMessage.badRequest("request line does not end with a version");
          }
          checkVersion();
          state = State.FIRST_LINE_END;
        } else {
          versionByte(b);
        }
        at++;
      }
      case RESPONSE_VERSION -> {
        if (at - mark == VERSION_LENGTH) {
          if (b != ' ') {
            throw BadMessage.badRequest("status line does not begin with a version");
          }
          checkVersion();
          status = 0;
          mark = at + 1;
          state = State.STATUS;
        } else {
          versionByte(b);
        }
        at++;
      }
      case STATUS -> {
        if (!Chars.isDigit(b)) {
          throw BadMessage.badRequest("status is not a number");
        }
        status = status * 10 + (b - '0');
        at++;
        if (at - mark == 3) {
          if (status < 100) {
            throw BadMessage.badRequest("status is below 100");
          }
          state = State.AFTER_STATUS;
        }
      }
      case AFTER_STATUS -> {
        at++;
        reasonStart = at;
        if (b == ' ') {
          state = State.REASON;
        } else if (b == CR) {
          reasonEnd = at;
          state = State.FIRST_LINE_END;
        } else {
          throw BadMessage.badRequest("status is not three digits");
        }
      }
      case REASON -> {
        int i = at;
        while (i < end && Chars.isValue(bytes[i])) {
          i++;
        }
        at = i;
        if (i < end) {
          if (bytes[i] != CR) {
            throw badLine(bytes[i]);
          }
          reasonEnd = i;
          at++;
          state = State.FIRST_LINE_END;
        }
      }
      case FIRST_LINE_END -> {
        expectLf(b);
        inFirstLine = false;
        state = State.FIELD_START;
      }
      case FIELD_START, NAME, VALUE_START, VALUE, FIELD_END, LAST_LINE_END, DONE ->
          throw new AssertionError(state);
    }
  }

  private void start(byte b) throws BadMessage {
    if (kind == Kind.REQUEST && b == CR && emptyLines < MAX_EMPTY_LINES_BEFORE_REQUEST) {
      emptyLines++;
      at++;
      state = State.EMPTY_LINE_END;
      return;
    }
    firstLineStart = at;
    mark = at;
    state = kind == Kind.REQUEST ? State.METHOD : State.RESPONSE_VERSION;
  }

  private void method(int end) throws BadMessage {
    int i = at;
    while (i < end && Chars.lowerToken(bytes[i]) != 0) {
      i++;
    }
    at = i;
    if (i < end) {
      if (bytes[i] != ' ' || i == firstLineStart) {
        throw badLine(bytes[i]);
      }
      methodEnd = i;
      at++;
      state = State.TARGET;
    }
  }

  private void target(int end) throws BadMessage {
    int i = at;
    while (i < end && Chars.isTarget(bytes[i])) {
      i++;
    }
    at = i;
    if (i < end) {
      if (bytes[i] != ' ' || i == methodEnd + 1) {
        throw badLine(bytes[i]);
      }
      targetEnd = i;
      at++;
      mark = at;
      state = State.REQUEST_VERSION;
    }
  }

  private void versionByte(byte b) throws BadMessage {
    int index = at - mark;
    boolean right =
        index < VERSION_PREFIX.length
            ? b == VERSION_PREFIX[index]
            : index == 6 ? b == '.' : Chars.isDigit(b);
    if (!right) {
      throw BadMessage.badRequest("first line has no valid HTTP version");
    }
  }

  private void checkVersion() throws BadMessage {
    int major = bytes[mark + 5] - '0';
    minorVersion = bytes[mark + 7] - '0';
    if (major != 1 || minorVersion > 1) {
      throw new BadMessage(505, "HTTP version is neither 1.0 nor 1.1");
    }
  }

  private void field() throws BadMessage {
    int end = length;
    byte[] all = bytes;
    int i = at;
    switch (state) {
      case FIELD_START -> {
        byte b = all[i];
        if (b == CR) {
          at++;
          state = State.LAST_LINE_END;
        } else if (b == ' ' || b == '\t') {
          throw BadMessage.badRequest("line begins with white space");
        } else if (fields.size() == settings.maxFields()) {
          throw new BadMessage(431, "more than " + settings.maxFields() + " fields");
        } else {
          mark = i;
          state = State.NAME;
        }
      }
      case NAME -> {
        while (i < end) {
          byte lower = Chars.lowerToken(all[i]);
          if (lower == 0) {
            break;
          }
          all[i++] = lower;
        }
        at = i;
        if (i < end) {
          if (all[i] != ':') {
            throw badName(all[i]);
          }
          if (i == mark) {
            throw BadMessage.badRequest("field without a name");
          }
          name = HeaderNames.of(all, mark, i - mark);
          at++;
          state = State.VALUE_START;
        }
      }
      case VALUE_START -> {
        while (i < end && (all[i] == ' ' || all[i] == '\t')) {
          i++;
        }
        at = i;
        if (i < end) {
          mark = i;
          state = State.VALUE;
        }
      }
      case VALUE -> {
        while (i < end && Chars.isValue(all[i])) {
          i++;
        }
        at = i;
        if (i < end) {
          if (all[i] != CR) {
            throw badLine(all[i]);
          }
          fields.add(name, view(mark, trimmedEnd(i)));
          at++;
          state = State.FIELD_END;
        }
      }
      case FIELD_END -> {
        expectLf(all[i]);
        state = State.FIELD_START;
      }
      case LAST_LINE_END -> {
        expectLf(all[i]);
        state = State.DONE;
      }
      case START,
          EMPTY_LINE_END,
          METHOD,
          TARGET,
          REQUEST_VERSION,
          RESPONSE_VERSION,
          STATUS,
          AFTER_STATUS,
          REASON,
          FIRST_LINE_END,
          DONE ->
          throw new AssertionError(state);
    }
  }

  private int trimmedEnd(int end) {
    int i = end;
    while (i > mark && (bytes[i - 1] == ' ' || bytes[i - 1] == '\t')) {
      i--;
    }
    return i;
  }

  private void expectLf(byte b) throws BadMessage {
    if (b != LF) {
      throw BadMessage.badRequest("CR without LF");
    }
    at++;
  }

  private static BadMessage badLine(byte b) {
    return BadMessage.badRequest(
        switch (b) {
          case LF -> "LF without CR";
          case CR, ' ' -> "malformed first line";
          case 0 -> "NUL in the head";
          default -> "invalid character in the head";
        });
  }

  private static BadMessage badName(byte b) {
    return BadMessage.badRequest(
        switch (b) {
          case ' ', '\t' -> "white space in or after a field name";
          case CR, LF -> "line without a colon";
          default -> "invalid character in a field name";
        });
  }

  private AsciiString view(int start, int end) {
    return start == end
        ? AsciiString.EMPTY_STRING
        : new AsciiString(bytes, start, end - start, false);
  }

  /** The fields, owned by the caller once {@link #reset} was called. */
  HeaderBlock fields() {
    return fields;
  }

  /** The array in which the offsets below count. Must not be changed. */
  byte[] bytes() {
    return bytes;
  }

  /** Bytes of the head received so far. */
  int size() {
    return at;
  }

  int methodStart() {
    return firstLineStart;
  }

  int methodEnd() {
    return methodEnd;
  }

  int targetStart() {
    return methodEnd + 1;
  }

  int targetEnd() {
    return targetEnd;
  }

  /** Whether the version is HTTP/1.0 and not HTTP/1.1. */
  boolean isHttp10() {
    return minorVersion == 0;
  }

  int status() {
    return status;
  }

  AsciiString reason() {
    return view(reasonStart, reasonEnd);
  }
}

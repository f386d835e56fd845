package dev.weft.proxy.http.http1;

import io.netty.util.AsciiString;

/**
 * Reads the request or status line, byte by byte as they come. Reused from head to head; keeps
 * positions in the array it reads, which belongs to a {@link HeadReader}. Runs on the channel's
 * loop only.
 *
 * <p>Source: RFC 9112, sections 2.2, 2.3, 3 and 4.
 */
final class FirstLine {
  /** Where in the line the next byte falls. */
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
    LINE_END,
    DONE
  }

  private static final int MAX_EMPTY_LINES_BEFORE_REQUEST = 2;
  private static final byte[] VERSION_PREFIX = {'H', 'T', 'T', 'P', '/'};
  private static final int VERSION_DOT = 6;
  private static final int VERSION_LENGTH = 8;
  private static final int STATUS_DIGITS = 3;

  private final boolean request;
  private final int maxBytes;

  private State state = State.START;
  private int emptyLines;
  private int start;

  /** Where the version or status begins that is being read. */
  private int mark;

  private int methodEnd;
  private int targetEnd;
  private boolean http10;
  private int status;
  private int reasonStart;
  private int reasonEnd;

  /**
   * A reader of one kind of line.
   *
   * @param maxBytes longest line, with its CRLF and without empty lines before it
   */
  FirstLine(boolean request, int maxBytes) {
    this.request = request;
    this.maxBytes = maxBytes;
  }

  void reset() {
    state = State.START;
    emptyLines = 0;
  }

  boolean isDone() {
    return state == State.DONE;
  }

  /**
   * Looks at bytes until the line is done or there are no more.
   *
   * @param bytes borrowed, from the beginning of the head
   * @param from where to go on
   * @param length how many bytes there are
   * @return where the next byte is to be looked at
   */
  int scan(byte[] bytes, int from, int length) throws BadMessage {
    int at = from;
    while (at < length && state != State.DONE) {
      if (state == State.START) {
        at = start(bytes[at], at);
      } else if (state == State.EMPTY_LINE_END) {
        expectLf(bytes[at++]);
        state = State.START;
      } else if (at >= start + maxBytes) {
        throw tooLong();
      } else {
        at = part(bytes, at, Math.min(length, start + maxBytes));
      }
    }
    return at;
  }

  BadMessage tooLong() {
    return new BadMessage(414, "first line is longer than " + maxBytes + " bytes");
  }

  private int start(byte b, int at) {
    if (request && b == '\r' && emptyLines < MAX_EMPTY_LINES_BEFORE_REQUEST) {
      emptyLines++;
      state = State.EMPTY_LINE_END;
      return at + 1;
    }
    start = at;
    mark = at;
    state = request ? State.METHOD : State.RESPONSE_VERSION;
    return at;
  }

  /** One part of the line, as far as it is there. */
  private int part(byte[] bytes, int at, int end) throws BadMessage {
    return switch (state) {
      case METHOD -> method(bytes, at, end);
      case TARGET -> target(bytes, at, end);
      case REQUEST_VERSION -> {
        if (at - mark < VERSION_LENGTH) {
          versionByte(bytes[at], at - mark);
        } else {
          if (bytes[at] != '\r') {
            throw BadMessage.badRequest("request line does not end with a version");
          }
          version(bytes);
          state = State.LINE_END;
        }
        yield at + 1;
      }
      case RESPONSE_VERSION -> {
        if (at - mark < VERSION_LENGTH) {
          versionByte(bytes[at], at - mark);
        } else {
          if (bytes[at] != ' ') {
            throw BadMessage.badRequest("status line does not begin with a version");
          }
          version(bytes);
          status = 0;
          mark = at + 1;
          state = State.STATUS;
        }
        yield at + 1;
      }
      case STATUS -> {
        statusDigit(bytes[at], at - mark);
        yield at + 1;
      }
      case AFTER_STATUS -> {
        afterStatus(bytes[at], at + 1);
        yield at + 1;
      }
      case REASON -> reason(bytes, at, end);
      case LINE_END -> {
        expectLf(bytes[at]);
        state = State.DONE;
        yield at + 1;
      }
      case START, EMPTY_LINE_END, DONE -> throw new AssertionError(state);
    };
  }

  private int method(byte[] bytes, int from, int end) throws BadMessage {
    int i = from;
    while (i < end && Chars.lowerToken(bytes[i]) != 0) {
      i++;
    }
    if (i == end) {
      return i;
    }
    if (bytes[i] != ' ' || i == start) {
      throw malformed(bytes[i]);
    }
    methodEnd = i;
    state = State.TARGET;
    return i + 1;
  }

  private int target(byte[] bytes, int from, int end) throws BadMessage {
    int i = from;
    while (i < end && Chars.isTarget(bytes[i])) {
      i++;
    }
    if (i == end) {
      return i;
    }
    if (bytes[i] != ' ' || i == methodEnd + 1) {
      throw malformed(bytes[i]);
    }
    targetEnd = i;
    mark = i + 1;
    state = State.REQUEST_VERSION;
    return i + 1;
  }

  private static void versionByte(byte b, int index) throws BadMessage {
    boolean right =
        index < VERSION_PREFIX.length
            ? b == VERSION_PREFIX[index]
            : index == VERSION_DOT ? b == '.' : Chars.isDigit(b);
    if (!right) {
      throw BadMessage.badRequest("first line has no valid HTTP version");
    }
  }

  private void version(byte[] bytes) throws BadMessage {
    byte major = bytes[mark + VERSION_DOT - 1];
    byte minor = bytes[mark + VERSION_DOT + 1];
    if (major != '1' || minor > '1') {
      throw new BadMessage(505, "HTTP version is neither 1.0 nor 1.1");
    }
    http10 = minor == '0';
  }

  private void statusDigit(byte b, int index) throws BadMessage {
    if (!Chars.isDigit(b)) {
      throw BadMessage.badRequest("status is not a number");
    }
    status = status * 10 + (b - '0');
    if (index == STATUS_DIGITS - 1) {
      if (status < 100) {
        throw BadMessage.badRequest("status is below 100");
      }
      state = State.AFTER_STATUS;
    }
  }

  /** Many servers leave out the space before a reason that is empty. */
  private void afterStatus(byte b, int next) throws BadMessage {
    reasonStart = next;
    reasonEnd = next;
    if (b == ' ') {
      state = State.REASON;
    } else if (b == '\r') {
      state = State.LINE_END;
    } else {
      throw BadMessage.badRequest("status is not three digits");
    }
  }

  private int reason(byte[] bytes, int from, int end) throws BadMessage {
    int i = from;
    while (i < end && Chars.isValue(bytes[i])) {
      i++;
    }
    if (i == end) {
      return i;
    }
    if (bytes[i] != '\r') {
      throw malformed(bytes[i]);
    }
    reasonEnd = i;
    state = State.LINE_END;
    return i + 1;
  }

  private static void expectLf(byte b) throws BadMessage {
    if (b != '\n') {
      throw BadMessage.badRequest("CR without LF");
    }
  }

  private static BadMessage malformed(byte b) {
    return BadMessage.badRequest(
        switch (b) {
          case '\n' -> "LF without CR";
          case '\r', ' ' -> "malformed first line";
          default -> "invalid character in the first line";
        });
  }

  int methodStart() {
    return start;
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
    return http10;
  }

  int status() {
    return status;
  }

  /** The reason, a view on the bytes; may be empty. */
  AsciiString reason(byte[] bytes) {
    return reasonStart == reasonEnd
        ? AsciiString.EMPTY_STRING
        : new AsciiString(bytes, reasonStart, reasonEnd - reasonStart, false);
  }
}

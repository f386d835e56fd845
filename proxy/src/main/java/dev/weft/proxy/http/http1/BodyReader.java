package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds the body in the bytes after a head, as these come in any pieces. Reused from message to
 * message. Runs on the channel's loop only.
 *
 * <p>Usage: {@link #next} says how many bytes from the reader index are body; the caller takes
 * them, calls {@link #took}, and looks at {@link #isEnded}.
 *
 * <p>Source: RFC 9112, sections 6.3 and 7.1.
 */
final class BodyReader {
  private enum Mode {
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  private enum Chunk {
    FIRST_DIGIT,
    SIZE,
    SPACE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILERS
  }

  /** 15 digits, so that a size always fits into a long. */
  private static final int MAX_SIZE_DIGITS = 15;

  /** Of all chunks of a body together. */
  private static final int MAX_EXTENSION_BYTES = 16 * 1024;

  private final Http1Settings settings;

  /** Made when the first trailer section comes, which on most connections never does. */
  private @Nullable HeadReader trailerReader;

  private Mode mode = Mode.LENGTH;
  private Chunk chunk = Chunk.FIRST_DIGIT;
  private long remaining;
  private int digits;
  private int extensionBytes;
  private boolean ended = true;
  private @Nullable HeaderBlock trailers;

  /** What is wrong after the data last taken; reported when the caller comes for more. */
  private @Nullable BadMessage failure;

  BodyReader(Http1Settings settings) {
    this.settings = settings;
  }

  private void begin(Mode newMode, long length) {
    mode = newMode;
    remaining = length;
    ended = newMode == Mode.LENGTH && length == 0;
    trailers = null;
    failure = null;
  }

  /** A body of so many bytes follows. */
  void length(long bytes) {
    begin(Mode.LENGTH, bytes);
  }

  /** A chunked body follows. */
  void chunked() {
    begin(Mode.CHUNKED, 0);
    chunk = Chunk.FIRST_DIGIT;
    extensionBytes = 0;
  }

  /** All bytes until the peer closes are body. */
  void untilClose() {
    begin(Mode.UNTIL_CLOSE, Long.MAX_VALUE);
  }

  /** Whether the end of the peer's sending ends the message properly. */
  boolean endsWithConnection() {
    return mode == Mode.UNTIL_CLOSE;
  }

  /** Whether the whole body was seen. */
  boolean isEnded() {
    return ended;
  }

  /** The trailers of a body that ended, or null if there are none. */
  @Nullable HeaderBlock trailers() {
    return trailers;
  }

  /** Reports what was found wrong behind the data last taken. */
  void check() throws BadMessage {
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Passes over framing up to the next body bytes.
   *
   * @param in borrowed; afterwards at the first body byte
   * @return how many bytes from there are body; 0 if more input is needed or the body ended
   */
  int next(ByteBuf in) throws BadMessage {
    check();
    if (mode == Mode.CHUNKED) {
      passFraming(in);
    }
    return ended ? 0 : (int) Math.min(remaining, in.readableBytes());
  }

  /**
   * The caller took body bytes, at most as many as {@link #next} said.
   *
   * @param in borrowed; what follows the bytes taken. An end that is already there is noticed now,
   *     so that it comes together with the last bytes.
   */
  void took(int bytes, ByteBuf in) {
    if (mode == Mode.UNTIL_CLOSE) {
      return;
    }
    remaining -= bytes;
    if (remaining > 0) {
      return;
    }
    if (mode == Mode.LENGTH) {
      ended = true;
      return;
    }
    chunk = Chunk.DATA_CR;
    try {
      passFraming(in);
    } catch (BadMessage bad) {
      failure = bad;
    }
  }

  private void passFraming(ByteBuf in) throws BadMessage {
    while (!ended && chunk != Chunk.DATA && in.isReadable()) {
      if (chunk == Chunk.TRAILERS) {
        readTrailers(in);
      } else {
        framingByte(in.readByte());
      }
    }
  }

  private void readTrailers(ByteBuf in) throws BadMessage {
    HeadReader reader = trailerReader;
    if (reader == null) {
      reader = HeadReader.ofTrailers(settings);
      trailerReader = reader;
    }
    if (reader.read(in)) {
      HeaderBlock read = reader.fields();
      reader.reset();
      removeForbidden(read);
      trailers = read.isEmpty() ? null : read;
      ended = true;
    }
  }

  private void framingByte(byte b) throws BadMessage {
    switch (chunk) {
      case FIRST_DIGIT -> {
        remaining = 0;
        digits = 0;
        digit(b);
        chunk = Chunk.SIZE;
      }
      case SIZE -> {
        if (b == '\r') {
          chunk = Chunk.SIZE_LF;
        } else if (b == ';') {
          chunk = Chunk.EXTENSION;
        } else if (b == ' ' || b == '\t') {
          countExtension();
          chunk = Chunk.SPACE;
        } else {
          digit(b);
        }
      }
      case SPACE -> {
        countExtension();
        if (b == ';') {
          chunk = Chunk.EXTENSION;
        } else if (b != ' ' && b != '\t') {
          throw BadMessage.badRequest("chunk size is not a hexadecimal number");
        }
      }
      case EXTENSION -> {
        if (b == '\r') {
          chunk = Chunk.SIZE_LF;
        } else if (Chars.isValue(b)) {
          countExtension();
        } else {
          throw BadMessage.badRequest("invalid character in a chunk extension");
        }
      }
      case SIZE_LF -> {
        expect(b, '\n');
        chunk = remaining == 0 ? Chunk.TRAILERS : Chunk.DATA;
      }
      case DATA_CR -> {
        expect(b, '\r');
        chunk = Chunk.DATA_LF;
      }
      case DATA_LF -> {
        expect(b, '\n');
        chunk = Chunk.FIRST_DIGIT;
      }
      case DATA, TRAILERS -> throw new AssertionError(chunk);
    }
  }

  private void digit(byte b) throws BadMessage {
    int value = Chars.hex(b);
    if (value < 0) {
      throw BadMessage.badRequest("chunk size is not a hexadecimal number");
    }
    if (++digits > MAX_SIZE_DIGITS) {
      throw BadMessage.badRequest("chunk size has more than " + MAX_SIZE_DIGITS + " digits");
    }
    remaining = remaining << 4 | value;
  }

  private void countExtension() throws BadMessage {
    if (++extensionBytes > MAX_EXTENSION_BYTES) {
      throw BadMessage.badRequest(
          "chunk extensions are longer than " + MAX_EXTENSION_BYTES + " bytes");
    }
  }

  private static void expect(byte b, char wanted) throws BadMessage {
    if (b != wanted) {
      throw BadMessage.badRequest("chunk does not end with CRLF");
    }
  }

  /** Trailers may not say anything about framing, routing or the connection. */
  private static void removeForbidden(HeaderBlock trailers) {
    trailers.remove(HeaderNames.CONTENT_LENGTH);
    trailers.remove(HeaderNames.TRANSFER_ENCODING);
    trailers.remove(HeaderNames.HOST);
    trailers.remove(HeaderNames.CONNECTION);
    trailers.remove(HeaderNames.KEEP_ALIVE);
    trailers.remove(HeaderNames.PROXY_CONNECTION);
    trailers.remove(HeaderNames.UPGRADE);
    trailers.remove(HeaderNames.TE);
    trailers.remove(HeaderNames.TRAILER);
  }
}

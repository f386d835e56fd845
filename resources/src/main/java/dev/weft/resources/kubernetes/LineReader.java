package dev.weft.resources.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into lines, and knows whether the next is there already, so that what arrived
 * together can be reported together. Borrows the stream; confined to one thread.
 */
final class LineReader {
  /** Longest line, in bytes; objects are at most 1.5 MiB in etcd. */
  static final int MAX_LINE_BYTES = 16 << 20;

  private static final int CHUNK_BYTES = 64 << 10;

  private final InputStream in;
  private byte[] buffer = new byte[CHUNK_BYTES];
  private int start;
  private int end;
  private int searched;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** The next line without its end; null at the end of the stream. Waits for it. */
  @Nullable String next() throws IOException {
    while (true) {
      int newline = newline();
      if (newline >= 0) {
        String line = new String(buffer, start, newline - start, StandardCharsets.UTF_8);
        start = newline + 1;
        searched = start;
        return line;
      }
      makeRoom();
      int read = in.read(buffer, end, buffer.length - end);
      if (read < 0) {
        // A line cut short is no event.
        return null;
      }
      end += read;
    }
  }

  /** Whether {@link #next} would return at once. */
  boolean isNextThere() {
    return newline() >= 0;
  }

  private int newline() {
    for (; searched < end; searched++) {
      if (buffer[searched] == '\n') {
        return searched;
      }
    }
    return -1;
  }

  private void makeRoom() throws IOException {
    if (end < buffer.length) {
      return;
    }
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      searched -= start;
      start = 0;
    } else if (buffer.length < MAX_LINE_BYTES) {
      buffer = Arrays.copyOf(buffer, Math.min(MAX_LINE_BYTES, buffer.length * 2));
    } else {
      throw new IOException("a watch event of more than " + MAX_LINE_BYTES + " bytes");
    }
  }
}

package dev.weft.resources.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class LineReaderTest {
  /** Gives out as many bytes at once as a network might: one to some. */
  private static InputStream chunked(byte[] bytes, int maxChunk, long seed) {
    Random random = new Random(seed);
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(length, 1 + random.nextInt(maxChunk)));
      }
    };
  }

  @Property(tries = 200)
  void anyLines_inAnyChunks_areReadWhole(
      @ForAll @Size(max = 20) List<@IntRange(max = 70_000) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 100_000) int maxChunk,
      @ForAll long seed)
      throws IOException {
    List<String> lines = new ArrayList<>();
    for (int length : lengths) {
      lines.add(("\u00e4" + length).repeat(length / 8 + 1));
    }
    byte[] bytes = (String.join("\n", lines) + "\ncut short").getBytes(StandardCharsets.UTF_8);
    if (lines.isEmpty()) {
      bytes = "cut short".getBytes(StandardCharsets.UTF_8);
    }

    LineReader reader = new LineReader(chunked(bytes, maxChunk, seed));
    List<String> read = new ArrayList<>();
    String line;
    while ((line = reader.next()) != null) {
      read.add(line);
    }

    assertThat(read).isEqualTo(lines);
    assertThat(reader.next()).isNull();
  }

  @Test
  void nextIsThere_onlyForWholeLines() throws IOException {
    LineReader reader =
        new LineReader(new ByteArrayInputStream("a\nb\nc".getBytes(StandardCharsets.UTF_8)));

    assertThat(reader.next()).isEqualTo("a");
    assertThat(reader.isNextThere()).isTrue();
    assertThat(reader.next()).isEqualTo("b");
    assertThat(reader.isNextThere()).isFalse();
  }

  @Test
  void line_withoutEnd_isRefusedAtTheLimit() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            java.util.Arrays.fill(into, offset, offset + length, (byte) 'x');
            return length;
          }
        };

    assertThatThrownBy(() -> new LineReader(endless).next())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than");
  }
}

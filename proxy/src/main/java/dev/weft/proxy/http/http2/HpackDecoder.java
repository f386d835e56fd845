package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.HeaderNames;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes header blocks of one direction of one connection. Runs on the connection's loop only.
 *
 * <p>The work is bounded by the length of the block: fields go to a sink one by one, and the sink
 * decides which to keep (a block of one-byte indices can name kilobytes each). The table is bounded
 * by {@link #MAX_TABLE_BYTES}, the protocol's default, which this side never raises.
 *
 * <p>Source: RFC 7541, sections 3 and 6.
 */
final class HpackDecoder {
  /** The dynamic table size this side allows. */
  static final int MAX_TABLE_BYTES = 4096;

  private static final int MAX_ENTRIES = MAX_TABLE_BYTES / HpackField.OVERHEAD_BYTES;
  private static final int MAX_KEPT_SCRATCH_BYTES = 4096;

  /** Receives the fields of a block in order. */
  interface Sink {
    /**
     * One field.
     *
     * @param sensitive whether the sender forbade to put it into a table
     */
    void field(HpackField field, boolean sensitive);
  }

  /** A ring: the newest entry is at {@code newest}, the next older one below it. */
  private final @Nullable HpackField[] entries = new HpackField[MAX_ENTRIES];

  private int newest;
  private int count;
  private int tableBytes;
  private int tableLimit = MAX_TABLE_BYTES;

  private byte[] scratch = new byte[256];
  private byte[] block = scratch;
  private int position;
  private int end;

  /**
   * Decodes one whole block.
   *
   * @param bytes borrowed
   */
  void decode(byte[] bytes, int offset, int length, Sink sink) throws Http2Violation {
    block = bytes;
    position = offset;
    end = offset + length;
    boolean first = true;
    while (position < end) {
      int b = block[position++] & 0xff;
      if (b >= 0x80) {
        sink.field(field(integer(b, 7)), false);
      } else if (b >= 0x40) {
        HpackField field = literal(integer(b, 6));
        insert(field);
        sink.field(field, false);
      } else if (b >= 0x20) {
        if (!first) {
          throw broken("table size update after a field");
        }
        resize(integer(b, 5));
        continue;
      } else {
        sink.field(literal(integer(b, 4)), b >= 0x10);
      }
      first = false;
    }
    block = scratch;
    if (scratch.length > MAX_KEPT_SCRATCH_BYTES) {
      scratch = new byte[256];
    }
  }

  private HpackField field(int index) throws Http2Violation {
    if (index > 0 && index <= HpackStaticTable.LENGTH) {
      return HpackStaticTable.get(index);
    }
    int age = index - HpackStaticTable.LENGTH - 1;
    if (index == 0 || age >= count) {
      throw broken("index beyond the table");
    }
    HpackField field = entries[(newest - age) & (MAX_ENTRIES - 1)];
    if (field == null) {
      throw new IllegalStateException("hole in the dynamic table at " + age + " of " + count);
    }
    return field;
  }

  private HpackField literal(int nameIndex) throws Http2Violation {
    if (nameIndex == 0) {
      AsciiString name = string(true);
      return HpackField.of(name, string(false));
    }
    HpackField named = field(nameIndex);
    return HpackField.of(named.name, named.nameKind, string(false));
  }

  private AsciiString string(boolean isName) throws Http2Violation {
    if (position == end) {
      throw broken("block ends within a field");
    }
    int b = block[position++] & 0xff;
    int length = integer(b, 7);
    if (length > end - position) {
      throw broken("string longer than the block");
    }
    byte[] from = block;
    int start = position;
    position += length;
    if (b >= 0x80) {
      int most = HpackHuffman.maxDecodedLength(length);
      if (scratch.length < most) {
        scratch = new byte[most];
      }
      length = HpackHuffman.decode(from, start, length, scratch);
      from = scratch;
      start = 0;
    }
    if (length == 0) {
      return AsciiString.EMPTY_STRING;
    }
    if (isName) {
      AsciiString known = HeaderNames.known(from, start, length);
      if (known != null) {
        return known;
      }
    }
    return new AsciiString(Arrays.copyOfRange(from, start, start + length), false);
  }

  private int integer(int firstByte, int prefixBits) throws Http2Violation {
    int mask = (1 << prefixBits) - 1;
    int value = firstByte & mask;
    if (value < mask) {
      return value;
    }
    // Four more bytes reach 2^28, beyond any bound here.
    for (int shift = 0; shift < 28; shift += 7) {
      if (position == end) {
        throw broken("block ends within an integer");
      }
      int b = block[position++];
      value += (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw broken("integer too large");
  }

  private void insert(HpackField field) {
    int size = field.size();
    evictTo(tableLimit - size);
    if (size > tableLimit) {
      return;
    }
    newest = (newest + 1) & (MAX_ENTRIES - 1);
    entries[newest] = field;
    count++;
    tableBytes += size;
  }

  private void resize(int limit) throws Http2Violation {
    if (limit > MAX_TABLE_BYTES) {
      throw broken("table size above the one allowed");
    }
    tableLimit = limit;
    evictTo(limit);
  }

  /** Drops the oldest entries until at most {@code bytes} (or nothing) are left. */
  private void evictTo(int bytes) {
    while (count > 0 && tableBytes > bytes) {
      int oldest = (newest - count + 1) & (MAX_ENTRIES - 1);
      HpackField field = entries[oldest];
      if (field != null) {
        tableBytes -= field.size();
      }
      entries[oldest] = null;
      count--;
    }
  }

  private static Http2Violation broken(String cause) {
    return new Http2Violation(ErrorCode.COMPRESSION_ERROR, cause + " in a header block");
  }
}

package dev.weft.proxy.http.http2;

import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encodes header blocks of one direction of one connection. Runs on the connection's loop only.
 *
 * <p>A field enters the dynamic table when it is seen the second time, so that values which never
 * repeat (paths with ids, traces, dates) neither push out those which do nor cost an insertion.
 * Strings go out plain; see {@link HpackHuffman}.
 *
 * <p>Use: {@link #begin}, any number of {@code add…}, then {@link #block} and {@link #length}.
 *
 * <p>Source: RFC 7541, sections 2.3, 4 and 6; never-indexed fields from section 7.1.3.
 */
final class HpackEncoder {
  /** The most this side uses of what the peer allows. */
  static final int MAX_TABLE_BYTES = 4096;

  private static final int MAX_ENTRIES = MAX_TABLE_BYTES / HpackField.OVERHEAD_BYTES;
  private static final int BUCKETS = MAX_ENTRIES;
  private static final int SEEN_SLOTS = 256;
  private static final int MAX_KEPT_BYTES = 8192;
  private static final int NONE = -1;

  /** A ring of entries; slot {@code inserted % MAX_ENTRIES} is written next. */
  private final AsciiString[] names = new AsciiString[MAX_ENTRIES];

  private final AsciiString[] values = new AsciiString[MAX_ENTRIES];
  private final int[] hashes = new int[MAX_ENTRIES];
  private final short[] nextInBucket = new short[MAX_ENTRIES];
  private final short[] buckets = new short[BUCKETS];

  /** Hashes of fields sent once, each slot holding the latest. */
  private final int[] seen = new int[SEEN_SLOTS];

  private int inserted;
  private int count;
  private int tableBytes;
  private int tableLimit = MAX_TABLE_BYTES;

  /** The lowest limit since the last block, and whether the peer must be told. */
  private int lowestLimit = MAX_TABLE_BYTES;

  private boolean limitChanged;

  private byte[] out = new byte[512];
  private int length;

  HpackEncoder() {
    Arrays.fill(buckets, (short) NONE);
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. */
  void peerTableSize(long bytes) {
    int limit = (int) Math.min(bytes, MAX_TABLE_BYTES);
    if (limit == tableLimit) {
      return;
    }
    lowestLimit = Math.min(lowestLimit, limit);
    limitChanged = true;
    tableLimit = limit;
    evictTo(limit);
  }

  /** Starts a block. */
  void begin() {
    if (out.length > MAX_KEPT_BYTES) {
      out = new byte[512];
    }
    length = 0;
    if (limitChanged) {
      if (lowestLimit < tableLimit) {
        integer(0x20, 5, lowestLimit);
      }
      integer(0x20, 5, tableLimit);
      limitChanged = false;
      lowestLimit = tableLimit;
    }
  }

  /** The block; valid up to {@link #length} and until the next {@link #begin}. */
  byte[] block() {
    return out;
  }

  /** The length of the block in bytes. */
  int length() {
    return length;
  }

  /** A field of the static table. */
  void addStatic(int index) {
    ensure(1);
    out[length++] = (byte) (0x80 | index);
  }

  /** A field that may enter the table. */
  void add(AsciiString name, AsciiString value) {
    add(name, HpackStaticTable.indexOfName(name), value);
  }

  /** A field that may enter the table, whose name's static index is known. */
  void add(AsciiString name, int staticNameIndex, AsciiString value) {
    int hash = name.hashCode() * 31 + value.hashCode();
    int slot = find(hash, name, value);
    if (slot != NONE) {
      integer(0x80, 7, HpackStaticTable.LENGTH + 1 + age(slot));
      return;
    }
    int size = name.length() + value.length() + HpackField.OVERHEAD_BYTES;
    if (isSecondSight(hash) && size <= tableLimit >> 2) {
      literal(0x40, 6, name, staticNameIndex, value);
      insert(hash, name, value, size);
    } else {
      literal(0, 4, name, staticNameIndex, value);
    }
  }

  /** A field that no table may hold, here or further on. */
  void addSensitive(AsciiString name, AsciiString value) {
    literal(0x10, 4, name, HpackStaticTable.indexOfName(name), value);
  }

  private boolean isSecondSight(int hash) {
    int at = (hash ^ (hash >>> 16)) & (SEEN_SLOTS - 1);
    if (seen[at] == hash) {
      return true;
    }
    seen[at] = hash;
    return false;
  }

  private void literal(
      int pattern, int prefixBits, AsciiString name, int nameIndex, AsciiString value) {
    integer(pattern, prefixBits, nameIndex);
    if (nameIndex == HpackStaticTable.NONE) {
      string(name);
    }
    string(value);
  }

  private void string(AsciiString text) {
    int size = text.length();
    integer(0, 7, size);
    ensure(size);
    System.arraycopy(text.array(), text.arrayOffset(), out, length, size);
    length += size;
  }

  private void integer(int pattern, int prefixBits, int value) {
    ensure(6);
    int mask = (1 << prefixBits) - 1;
    if (value < mask) {
      out[length++] = (byte) (pattern | value);
      return;
    }
    out[length++] = (byte) (pattern | mask);
    int rest = value - mask;
    while (rest >= 0x80) {
      out[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[length++] = (byte) rest;
  }

  private void ensure(int more) {
    if (out.length - length < more) {
      out = Arrays.copyOf(out, Math.max(out.length * 2, length + more));
    }
  }

  private int age(int slot) {
    return (inserted - 1 - slot) & (MAX_ENTRIES - 1);
  }

  private int find(int hash, AsciiString name, AsciiString value) {
    for (int slot = buckets[hash & (BUCKETS - 1)]; slot != NONE; slot = nextInBucket[slot]) {
      if (hashes[slot] == hash && same(names[slot], name) && same(values[slot], value)) {
        return slot;
      }
    }
    return NONE;
  }

  private static boolean same(@Nullable AsciiString a, AsciiString b) {
    return a == b || b.equals(a);
  }

  private void insert(int hash, AsciiString name, AsciiString value, int size) {
    evictTo(tableLimit - size);
    int slot = inserted & (MAX_ENTRIES - 1);
    names[slot] = name;
    values[slot] = value;
    hashes[slot] = hash;
    nextInBucket[slot] = buckets[hash & (BUCKETS - 1)];
    buckets[hash & (BUCKETS - 1)] = (short) slot;
    inserted++;
    count++;
    tableBytes += size;
  }

  private void evictTo(int bytes) {
    while (count > 0 && tableBytes > bytes) {
      int slot = (inserted - count) & (MAX_ENTRIES - 1);
      tableBytes -= names[slot].length() + values[slot].length() + HpackField.OVERHEAD_BYTES;
      unlink(slot);
      names[slot] = AsciiString.EMPTY_STRING;
      values[slot] = AsciiString.EMPTY_STRING;
      count--;
    }
  }

  private void unlink(int slot) {
    int bucket = hashes[slot] & (BUCKETS - 1);
    if (buckets[bucket] == slot) {
      buckets[bucket] = nextInBucket[slot];
      return;
    }
    int at = buckets[bucket];
    while (nextInBucket[at] != slot) {
      at = nextInBucket[at];
    }
    nextInBucket[at] = nextInBucket[slot];
  }
}

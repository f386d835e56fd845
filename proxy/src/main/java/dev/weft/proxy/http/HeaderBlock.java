package dev.weft.proxy.http;

import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The header fields (or trailers) of one message: a flat, ordered, mutable list of name and value.
 *
 * <p>Names are lower case; names of {@link HeaderNames} are always those very instances, so most
 * comparisons end at the identity check. A name may occur more than once and order is kept.
 * Pseudo-header fields never occur here; they are fields of {@link RequestHead} and {@link
 * ResponseHead}. Lookup is linear, which for the ten to thirty fields of real messages is faster
 * than any map.
 *
 * <p>Not thread-safe: runs on one event loop only. The block belongs to whoever holds the head; the
 * strings in it are immutable by convention and may be kept.
 *
 * <p>Source: RFC 9110, section 5; never-indexed marks from RFC 7541, section 7.1.3.
 */
public final class HeaderBlock {
  private static final int INITIAL_FIELDS = 16;

  private AsciiString[] fields;
  private int size;

  /** Which entries may never enter a compression table; null while there are none. */
  private boolean @Nullable [] sensitive;

  /** An empty block. */
  public HeaderBlock() {
    fields = new AsciiString[INITIAL_FIELDS * 2];
  }

  private HeaderBlock(HeaderBlock other) {
    fields = Arrays.copyOf(other.fields, Math.max(other.size, 4) * 2);
    size = other.size;
    sensitive = other.sensitive == null ? null : Arrays.copyOf(other.sensitive, fields.length >> 1);
  }

  /** A block with its own list of the same fields. */
  public HeaderBlock copy() {
    return new HeaderBlock(this);
  }

  /** The number of fields. */
  public int size() {
    return size;
  }

  /** Whether there is no field. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** The name of field {@code index}, in lower case. */
  public AsciiString name(int index) {
    return fields[index << 1];
  }

  /** The value of field {@code index}, without surrounding white space. */
  public AsciiString value(int index) {
    return fields[(index << 1) + 1];
  }

  /** Replaces the value of field {@code index}. */
  public void value(int index, AsciiString value) {
    fields[(index << 1) + 1] = value;
  }

  /** Whether the sender forbade to put field {@code index} into a compression table. */
  public boolean isSensitive(int index) {
    return sensitive != null && sensitive[index];
  }

  /** The position of the first field of this name at or after {@code from}, or -1. */
  public int indexOf(AsciiString name, int from) {
    AsciiString[] f = fields;
    int end = size << 1;
    for (int i = from << 1; i < end; i += 2) {
      AsciiString n = f[i];
      if (n == name || (n.length() == name.length() && n.equals(name))) {
        return i >> 1;
      }
    }
    return -1;
  }

  /** The value of the first field of this (lower-case) name, or null. */
  public @Nullable AsciiString get(AsciiString name) {
    int at = indexOf(name, 0);
    return at < 0 ? null : value(at);
  }

  /** Whether a field of this (lower-case) name exists. */
  public boolean contains(AsciiString name) {
    return indexOf(name, 0) >= 0;
  }

  /** Whether {@code test} holds for the value of any field of this (lower-case) name. */
  public boolean anyValue(String lowerCaseName, Predicate<? super CharSequence> test) {
    for (int i = 0; i < size; i++) {
      if (name(i).contentEquals(lowerCaseName) && test.test(value(i))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Appends a field. The name must be lower case and both must be valid; see {@link HeaderNames}.
   */
  public void add(AsciiString name, AsciiString value) {
    int at = size << 1;
    if (at == fields.length) {
      grow();
    }
    fields[at] = name;
    fields[at + 1] = value;
    size++;
  }

  /** Appends a field that no compression table may hold. */
  public void addSensitive(AsciiString name, AsciiString value) {
    add(name, value);
    boolean[] marks = sensitive;
    if (marks == null) {
      marks = new boolean[fields.length >> 1];
      sensitive = marks;
    }
    marks[size - 1] = true;
  }

  /** Appends every field of another block. */
  public void addAll(HeaderBlock other) {
    for (int i = 0; i < other.size; i++) {
      if (other.isSensitive(i)) {
        addSensitive(other.name(i), other.value(i));
      } else {
        add(other.name(i), other.value(i));
      }
    }
  }

  /** Leaves exactly one field of this name: in the place of the first, or at the end. */
  public void set(AsciiString name, AsciiString value) {
    int at = indexOf(name, 0);
    if (at < 0) {
      add(name, value);
      return;
    }
    value(at, value);
    for (int next = indexOf(name, at + 1); next >= 0; next = indexOf(name, next)) {
      removeAt(next);
    }
  }

  /** Removes every field of this name; returns whether there was one. */
  public boolean remove(AsciiString name) {
    boolean removed = false;
    for (int at = indexOf(name, 0); at >= 0; at = indexOf(name, at)) {
      removeAt(at);
      removed = true;
    }
    return removed;
  }

  /** Removes field {@code index}; later fields move one place up. */
  public void removeAt(int index) {
    int tail = size - index - 1;
    System.arraycopy(fields, (index + 1) << 1, fields, index << 1, tail << 1);
    if (sensitive != null) {
      System.arraycopy(sensitive, index + 1, sensitive, index, tail);
      sensitive[size - 1] = false;
    }
    size--;
    Arrays.fill(fields, size << 1, (size << 1) + 2, null);
  }

  /** Removes every field. */
  public void clear() {
    Arrays.fill(fields, 0, size << 1, null);
    size = 0;
    sensitive = null;
  }

  private void grow() {
    fields = Arrays.copyOf(fields, fields.length << 1);
    if (sensitive != null) {
      sensitive = Arrays.copyOf(sensitive, fields.length >> 1);
    }
  }

  /** Same fields in the same order. */
  @Override
  public boolean equals(@Nullable Object o) {
    if (!(o instanceof HeaderBlock other) || other.size != size) {
      return false;
    }
    return Arrays.equals(fields, 0, size << 1, other.fields, 0, size << 1);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = 0; i < size << 1; i++) {
      hash = 31 * hash + fields[i].hashCode();
    }
    return hash;
  }

  /** Names only: values may be secret and never belong in a log. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < size; i++) {
      text.append(i == 0 ? "" : ", ").append(name(i));
    }
    return text.append(']').toString();
  }
}

package dev.weft.proxy.http.http2;

import io.netty.util.AsciiString;

/**
 * A header field as it stands in a compression table, judged once: a field which comes again as an
 * index costs no further look at its characters. Immutable.
 */
final class HpackField {
  /** What every entry costs besides its characters (RFC 7541, section 4.1). */
  static final int OVERHEAD_BYTES = 32;

  final AsciiString name;
  final AsciiString value;
  final FieldKind nameKind;
  final FieldKind kind;

  private HpackField(AsciiString name, AsciiString value, FieldKind nameKind, FieldKind kind) {
    this.name = name;
    this.value = value;
    this.nameKind = nameKind;
    this.kind = kind;
  }

  static HpackField of(AsciiString name, AsciiString value) {
    return of(name, FieldKind.ofName(name), value);
  }

  static HpackField of(AsciiString name, FieldKind nameKind, AsciiString value) {
    boolean valid = nameKind == FieldKind.BAD_NAME || FieldKind.isValidValue(value);
    return new HpackField(name, value, nameKind, valid ? nameKind : FieldKind.BAD_VALUE);
  }

  /** The size that counts against table and list bounds. */
  int size() {
    return name.length() + value.length() + OVERHEAD_BYTES;
  }
}

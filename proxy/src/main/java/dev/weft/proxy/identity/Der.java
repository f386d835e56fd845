package dev.weft.proxy.identity;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The few DER encodings (ITU-T X.690) that a certification request needs. */
final class Der {
  private static final int TAG_INTEGER = 0x02;
  private static final int TAG_BIT_STRING = 0x03;
  private static final int TAG_OCTET_STRING = 0x04;
  private static final int TAG_OID = 0x06;
  private static final int TAG_UTF8_STRING = 0x0c;
  private static final int TAG_SEQUENCE = 0x30;
  private static final int TAG_SET = 0x31;
  private static final int CONTEXT = 0x80;
  private static final int CONSTRUCTED = 0x20;

  private Der() {}

  static byte[] sequence(byte[]... items) {
    return tagged(TAG_SEQUENCE, items);
  }

  static byte[] set(byte[]... items) {
    return tagged(TAG_SET, items);
  }

  /** A number from 0 to 127. */
  static byte[] smallInteger(int value) {
    return tagged(TAG_INTEGER, new byte[] {(byte) value});
  }

  static byte[] utf8(String text) {
    return tagged(TAG_UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] octets(byte[] content) {
    return tagged(TAG_OCTET_STRING, content);
  }

  /** Whole bytes as bits. */
  static byte[] bits(byte[] content) {
    return tagged(TAG_BIT_STRING, new byte[] {0}, content);
  }

  static byte[] oid(int... arcs) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    base128(out, arcs[0] * 40 + arcs[1]);
    for (int i = 2; i < arcs.length; i++) {
      base128(out, arcs[i]);
    }
    return tagged(TAG_OID, out.toByteArray());
  }

  /** An implicitly tagged primitive. */
  static byte[] context(int number, byte[] content) {
    return tagged(CONTEXT | number, content);
  }

  /** An implicitly tagged constructed value. */
  static byte[] contextConstructed(int number, byte[]... items) {
    return tagged(CONTEXT | CONSTRUCTED | number, items);
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
    out.write(tag);
    length(out, length);
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static void length(ByteArrayOutputStream out, int length) {
    if (length < 0x80) {
      out.write(length);
    } else if (length <= 0xff) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
  }

  private static void base128(ByteArrayOutputStream out, int value) {
    int shift = 28;
    while (shift > 0 && value >>> shift == 0) {
      shift -= 7;
    }
    for (; shift > 0; shift -= 7) {
      out.write(value >>> shift & 0x7f | 0x80);
    }
    out.write(value & 0x7f);
  }
}

package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ErrorCode;

/**
 * The string coding of HPACK, decoding only: own literals are sent plain, because between
 * neighbours the time to code them costs more than the bytes they save. Immutable, shared by all
 * threads.
 *
 * <p>The code is canonical (codes of one length count upwards in symbol order), so the lengths
 * define it. They unfold into a machine that takes four bits per step: 256 states × 16 transitions,
 * at most one symbol per transition since the shortest code has five bits; 16 KiB, which stays in
 * the first-level cache.
 *
 * <p>Source: RFC 7541, section 5.2 and appendix B.
 */
final class HpackHuffman {
  private static final int EOS = 256;

  // spotless:off
  /** The code length of every symbol, in bits. */
  private static final byte[] LENGTHS = {
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
    28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
    5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
    13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
    6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
    20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
    21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
    19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
    20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
    30
  };

  // spotless:on

  /** In a transition: a symbol (bits 0 to 7) was completed. */
  private static final int EMITS = 1 << 8;

  /** In a transition: not a code. */
  private static final int FAILS = 1 << 9;

  /** In a transition: the string may end here, the bits since the last symbol being padding. */
  private static final int MAY_END = 1 << 10;

  /** In a transition: where the next state (8 bits) starts. */
  private static final int NEXT_SHIFT = 16;

  private static final int[] TRANSITIONS = transitions();

  private HpackHuffman() {}

  /** The most bytes that {@code encodedLength} bytes can decode to. */
  static int maxDecodedLength(int encodedLength) {
    return (int) (encodedLength * 8L / 5);
  }

  /**
   * Decodes a string.
   *
   * @param to must have room for {@link #maxDecodedLength}
   * @return how many bytes were written
   */
  static int decode(byte[] from, int offset, int length, byte[] to) throws Http2Violation {
    int[] table = TRANSITIONS;
    int state = 0;
    int last = MAY_END;
    int written = 0;
    for (int i = offset; i < offset + length; i++) {
      int b = from[i] & 0xff;
      int high = table[(state << 4) | (b >>> 4)];
      if ((high & EMITS) != 0) {
        to[written++] = (byte) high;
      }
      last = table[((high >>> NEXT_SHIFT) << 4) | (b & 15)];
      if ((last & EMITS) != 0) {
        to[written++] = (byte) last;
      }
      if (((high | last) & FAILS) != 0) {
        throw new Http2Violation(ErrorCode.COMPRESSION_ERROR, "bad Huffman code in a header block");
      }
      state = last >>> NEXT_SHIFT;
    }
    if ((last & MAY_END) == 0) {
      throw new Http2Violation(ErrorCode.COMPRESSION_ERROR, "Huffman string ends in bad padding");
    }
    return written;
  }

  /** Builds the code tree, then the machine over its inner nodes. */
  private static int[] transitions() {
    // children[node * 2 + bit]: an inner node (>= 0) or a symbol (as -1 - symbol).
    int[] children = new int[EOS * 2];
    int nodes = 1;
    int code = 0;
    for (int length = 1; length <= 30; length++) {
      code <<= 1;
      for (int symbol = 0; symbol <= EOS; symbol++) {
        if (LENGTHS[symbol] != length) {
          continue;
        }
        int node = 0;
        for (int bit = length - 1; bit > 0; bit--) {
          int slot = node * 2 + ((code >>> bit) & 1);
          if (children[slot] == 0) {
            children[slot] = nodes++;
          }
          node = children[slot];
        }
        children[node * 2 + (code & 1)] = -1 - symbol;
        code++;
      }
    }
    boolean[] mayEnd = new boolean[nodes];
    for (int node = 0, depth = 0; depth < 8; depth++) {
      mayEnd[node] = true;
      node = children[node * 2 + 1];
    }
    int[] table = new int[nodes * 16];
    for (int state = 0; state < nodes; state++) {
      for (int bits = 0; bits < 16; bits++) {
        table[state * 16 + bits] = transition(children, mayEnd, state, bits);
      }
    }
    return table;
  }

  private static int transition(int[] children, boolean[] mayEnd, int state, int bits) {
    int flags = 0;
    int node = state;
    for (int bit = 3; bit >= 0; bit--) {
      int child = children[node * 2 + ((bits >>> bit) & 1)];
      if (child >= 0) {
        node = child;
        continue;
      }
      int symbol = -1 - child;
      if (symbol == EOS) {
        return FAILS;
      }
      flags |= EMITS | symbol;
      node = 0;
    }
    return flags | (mayEnd[node] ? MAY_END : 0) | node << NEXT_SHIFT;
  }
}

package dev.weft.proxy.tls;

import org.jspecify.annotations.Nullable;

/** Finds the key-exchange group in the first bytes a TLS 1.3 server sends (RFC 8446, 4.1.3). */
final class ServerHello {
  static final String UNKNOWN = "unknown";

  private static final int RECORD_HEADER_BYTES = 5;
  private static final int RECORD_HANDSHAKE = 22;
  private static final int HANDSHAKE_HEADER_BYTES = 4;
  private static final int SERVER_HELLO = 2;
  private static final int VERSION_AND_RANDOM_BYTES = 34;
  private static final int CIPHER_AND_COMPRESSION_BYTES = 3;
  private static final int EXTENSION_KEY_SHARE = 51;

  private ServerHello() {}

  /**
   * The group named by {@code key_share}, also when the server asks for a retry (a retry names the
   * group that will be used); null while more bytes are needed; {@link #UNKNOWN} if these bytes are
   * no ServerHello or name no group.
   */
  static @Nullable String group(byte[] bytes, int length) {
    if (length < RECORD_HEADER_BYTES) {
      return null;
    }
    int recordEnd = RECORD_HEADER_BYTES + u16(bytes, 3);
    if (bytes[0] != RECORD_HANDSHAKE || recordEnd > bytes.length) {
      return UNKNOWN;
    }
    if (length < recordEnd) {
      return null;
    }
    int at = RECORD_HEADER_BYTES;
    if (at + HANDSHAKE_HEADER_BYTES > recordEnd || bytes[at] != SERVER_HELLO) {
      return UNKNOWN;
    }
    at += HANDSHAKE_HEADER_BYTES + VERSION_AND_RANDOM_BYTES;
    if (at >= recordEnd) {
      return UNKNOWN;
    }
    at += 1 + (bytes[at] & 0xff) + CIPHER_AND_COMPRESSION_BYTES;
    if (at + 2 > recordEnd) {
      return UNKNOWN;
    }
    int end = Math.min(recordEnd, at + 2 + u16(bytes, at));
    at += 2;
    while (at + 4 <= end) {
      int type = u16(bytes, at);
      int size = u16(bytes, at + 2);
      at += 4;
      if (type == EXTENSION_KEY_SHARE && size >= 2 && at + 2 <= end) {
        return name(u16(bytes, at));
      }
      at += size;
    }
    return UNKNOWN;
  }

  private static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  /** Names of the IANA "TLS Supported Groups" registry. */
  private static String name(int group) {
    return switch (group) {
      case 0x0017 -> "secp256r1";
      case 0x0018 -> "secp384r1";
      case 0x0019 -> "secp521r1";
      case 0x001d -> "X25519";
      case 0x11eb -> "SecP256r1MLKEM768";
      case 0x11ec -> "X25519MLKEM768";
      case 0x11ed -> "SecP384r1MLKEM1024";
      default -> "0x" + Integer.toHexString(group);
    };
  }
}

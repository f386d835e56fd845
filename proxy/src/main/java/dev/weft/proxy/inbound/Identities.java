package dev.weft.proxy.inbound;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import io.netty.util.AsciiString;

/** Keeps clients from claiming an identity. Stateless. */
final class Identities {
  private static final AsciiString NAME = HeaderNames.L5D_CLIENT_ID;

  private Identities() {}

  /**
   * Removes every field that an application could take for the client's identity: {@code
   * l5d-client-id}, and the spellings with underscores which CGI-like interfaces (PHP, WSGI) cannot
   * tell from it.
   */
  static void strip(HeaderBlock headers) {
    for (int i = headers.size() - 1; i >= 0; i--) {
      if (looksLikeIt(headers.name(i))) {
        headers.removeAt(i);
      }
    }
  }

  private static boolean looksLikeIt(AsciiString name) {
    if (name == NAME) {
      return true;
    }
    if (name.length() != NAME.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      byte found = name.byteAt(i);
      byte wanted = NAME.byteAt(i);
      if (found != wanted && !(wanted == '-' && found == '_')) {
        return false;
      }
    }
    return true;
  }
}

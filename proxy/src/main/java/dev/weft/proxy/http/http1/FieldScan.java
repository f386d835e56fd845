package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the fields of a head just read: what they say about framing and connection is kept
 * here, what concerns this connection alone is removed from the block. Reused from head to head.
 * Runs on the channel's loop only.
 *
 * <p>Removed are {@code connection} and all it names, {@code upgrade}, {@code keep-alive}, {@code
 * proxy-connection} and {@code transfer-encoding}; an upgrade is put back by {@link #keepUpgrade}.
 * A connection option cannot remove {@code host} or {@code content-length}: nobody may change what
 * a message means by declaring it hop-by-hop.
 *
 * <p>Source: RFC 9110, sections 7.6.1, 7.8, 8.6; RFC 9112, sections 6.1 to 6.3; facts/proxy.md 2.6.
 */
final class FieldScan {
  private static final AsciiString KEEP_ALIVE_OPTION = AsciiString.cached("keep-alive");
  private static final AsciiString UPGRADE_OPTION = AsciiString.cached("upgrade");
  private static final AsciiString SENT_UPGRADE_OPTION = AsciiString.cached("Upgrade");
  private static final AsciiString CONTINUE = AsciiString.cached("100-continue");
  private static final AsciiString H2C = AsciiString.cached("h2c");

  /** Most options beside the usual ones. */
  private static final int MAX_OPTIONS = 32;

  /** 18 digits always fit into a long. */
  private static final int MAX_LENGTH_DIGITS = 18;

  /** The value of content-length, or -1. */
  long contentLength;

  /** Whether transfer-encoding was there, which then was exactly {@code chunked}. */
  boolean chunked;

  boolean close;
  boolean keepAlive;
  boolean expectsContinue;

  /** How many host fields there are. */
  int hosts;

  /** Whether the message asks for (or agrees to) a protocol other than h2c. */
  boolean upgrade;

  private boolean upgradeOption;
  private boolean h2c;
  private @Nullable AsciiString protocols;
  private @Nullable List<AsciiString> named;

  private void reset() {
    contentLength = -1;
    chunked = false;
    close = false;
    keepAlive = false;
    expectsContinue = false;
    hosts = 0;
    upgrade = false;
    upgradeOption = false;
    h2c = false;
    protocols = null;
    named = null;
  }

  /**
   * Looks at all fields.
   *
   * @param fields changed
   */
  void scan(HeaderBlock fields) throws BadMessage {
    reset();
    for (int i = 0; i < fields.size(); i++) {
      if (isRemoved(fields.name(i), fields.value(i))) {
        fields.removeAt(i--);
      }
    }
    if (named != null) {
      for (AsciiString option : named) {
        fields.remove(option);
      }
    }
    if (chunked && contentLength >= 0) {
      throw BadMessage.badRequest("both content-length and transfer-encoding");
    }
    if (h2c) {
      fields.remove(HeaderNames.HTTP2_SETTINGS);
    }
    upgrade = protocols != null && upgradeOption && !h2c;
  }

  private boolean isRemoved(AsciiString name, AsciiString value) throws BadMessage {
    if (name == HeaderNames.CONTENT_LENGTH) {
      return !isFirstLength(value);
    }
    if (name == HeaderNames.HOST) {
      hosts++;
      return false;
    }
    if (name == HeaderNames.CONNECTION) {
      options(value);
      return true;
    }
    if (name == HeaderNames.TRANSFER_ENCODING) {
      transferEncoding(value);
      return true;
    }
    if (name == HeaderNames.UPGRADE) {
      protocols = protocols == null ? value : protocols.concat(", ").concat(value);
      h2c |= contains(value, H2C);
      return true;
    }
    if (name == HeaderNames.EXPECT) {
      expectsContinue = value.contentEqualsIgnoreCase(CONTINUE);
      return false;
    }
    return name == HeaderNames.KEEP_ALIVE || name == HeaderNames.PROXY_CONNECTION;
  }

  private boolean isFirstLength(AsciiString value) throws BadMessage {
    long parsed = parseLength(value);
    if (parsed < 0) {
      throw BadMessage.badRequest("content-length is not a number");
    }
    if (contentLength >= 0 && contentLength != parsed) {
      throw BadMessage.badRequest("content-lengths differ");
    }
    boolean first = contentLength < 0;
    contentLength = parsed;
    return first;
  }

  /** The value of a content-length field, or -1 if it is none. */
  static long parseLength(AsciiString value) {
    int digits = value.length();
    if (digits == 0 || digits > MAX_LENGTH_DIGITS) {
      return -1;
    }
    long parsed = 0;
    for (int i = 0; i < digits; i++) {
      byte b = value.byteAt(i);
      if (!Chars.isDigit(b)) {
        return -1;
      }
      parsed = parsed * 10 + (b - '0');
    }
    return parsed;
  }

  private void transferEncoding(AsciiString value) throws BadMessage {
    if (chunked) {
      throw BadMessage.badRequest("more than one transfer-encoding");
    }
    if (!value.contentEqualsIgnoreCase(HeaderNames.CHUNKED)) {
      int comma = value.lastIndexOf(",");
      AsciiString last = value.subSequence(comma + 1, value.length(), false).trim();
      if (comma >= 0 && last.contentEqualsIgnoreCase(HeaderNames.CHUNKED)) {
        throw new BadMessage(501, "transfer-encoding other than chunked");
      }
      throw BadMessage.badRequest("final transfer-encoding is not chunked");
    }
    chunked = true;
  }

  private void options(AsciiString value) throws BadMessage {
    int start = 0;
    while (start <= value.length()) {
      int comma = value.indexOf(',', start);
      int end = comma < 0 ? value.length() : comma;
      option(start == 0 && comma < 0 ? value : value.subSequence(start, end, false).trim());
      start = end + 1;
    }
  }

  private void option(AsciiString option) throws BadMessage {
    if (option.contentEqualsIgnoreCase(KEEP_ALIVE_OPTION)) {
      keepAlive = true;
    } else if (option.contentEqualsIgnoreCase(HeaderNames.CLOSE)) {
      close = true;
    } else if (option.contentEqualsIgnoreCase(UPGRADE_OPTION)) {
      upgradeOption = true;
    } else if (!option.contentEqualsIgnoreCase(HeaderNames.HOST)
        && !option.contentEqualsIgnoreCase(HeaderNames.CONTENT_LENGTH)
        && !option.contentEqualsIgnoreCase(HeaderNames.TRANSFER_ENCODING)) {
      if (named == null) {
        named = new ArrayList<>();
      }
      if (named.size() == MAX_OPTIONS) {
        throw BadMessage.badRequest("more than " + MAX_OPTIONS + " connection options");
      }
      named.add(AsciiString.of(option.toString().toLowerCase(Locale.ROOT)));
    }
  }

  /** Whether a comma-separated list has this member, in any case. */
  static boolean contains(AsciiString list, AsciiString member) {
    int start = 0;
    while (start <= list.length()) {
      int comma = list.indexOf(',', start);
      int end = comma < 0 ? list.length() : comma;
      if (list.subSequence(start, end, false).trim().contentEqualsIgnoreCase(member)) {
        return true;
      }
      start = end + 1;
    }
    return false;
  }

  /** Puts back what an upgrade needs, without the other connection options. */
  void keepUpgrade(HeaderBlock fields) {
    AsciiString wanted = protocols;
    if (wanted != null) {
      fields.add(HeaderNames.CONNECTION, SENT_UPGRADE_OPTION);
      fields.add(HeaderNames.UPGRADE, wanted);
    }
  }
}

package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.Methods;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The fixed part of the HPACK index space (RFC 7541, appendix A). Immutable, shared. */
final class HpackStaticTable {
  /** The number of entries; indices start at 1. */
  static final int LENGTH = 61;

  /** Not in the table. */
  static final int NONE = 0;

  static final int AUTHORITY = 1;
  static final int METHOD_GET = 2;
  static final int METHOD_POST = 3;
  static final int PATH_ROOT = 4;
  static final int SCHEME_HTTP = 6;
  static final int SCHEME_HTTPS = 7;
  static final int STATUS_200 = 8;

  private static final int NAME_SLOTS = 256;

  private static final HpackField[] FIELDS =
      List.of(
              ":authority=",
              ":method=GET",
              ":method=POST",
              ":path=/",
              ":path=/index.html",
              ":scheme=http",
              ":scheme=https",
              ":status=200",
              ":status=204",
              ":status=206",
              ":status=304",
              ":status=400",
              ":status=404",
              ":status=500",
              "accept-charset=",
              "accept-encoding=gzip, deflate",
              "accept-language=",
              "accept-ranges=",
              "accept=",
              "access-control-allow-origin=",
              "age=",
              "allow=",
              "authorization=",
              "cache-control=",
              "content-disposition=",
              "content-encoding=",
              "content-language=",
              "content-length=",
              "content-location=",
              "content-range=",
              "content-type=",
              "cookie=",
              "date=",
              "etag=",
              "expect=",
              "expires=",
              "from=",
              "host=",
              "if-match=",
              "if-modified-since=",
              "if-none-match=",
              "if-range=",
              "if-unmodified-since=",
              "last-modified=",
              "link=",
              "location=",
              "max-forwards=",
              "proxy-authenticate=",
              "proxy-authorization=",
              "range=",
              "referer=",
              "refresh=",
              "retry-after=",
              "server=",
              "set-cookie=",
              "strict-transport-security=",
              "transfer-encoding=",
              "user-agent=",
              "vary=",
              "via=",
              "www-authenticate=")
          .stream()
          .map(HpackStaticTable::field)
          .toArray(HpackField[]::new);

  /** Index of a name in {@link #FIELDS}, open addressing over the names' hash codes. */
  private static final byte[] NAME_INDEX = nameIndex();

  private HpackStaticTable() {}

  private static HpackField field(String text) {
    int cut = text.indexOf('=');
    byte[] name = text.substring(0, cut).getBytes(StandardCharsets.US_ASCII);
    AsciiString value = AsciiString.cached(text.substring(cut + 1));
    return HpackField.of(
        HeaderNames.of(name, 0, name.length), cut == 7 ? Methods.of(value) : value);
  }

  private static byte[] nameIndex() {
    byte[] table = new byte[NAME_SLOTS];
    for (int index = LENGTH; index >= 1; index--) {
      AsciiString name = FIELDS[index - 1].name;
      int slot = name.hashCode() & (NAME_SLOTS - 1);
      while (table[slot] != NONE && !FIELDS[table[slot] - 1].name.equals(name)) {
        slot = (slot + 1) & (NAME_SLOTS - 1);
      }
      table[slot] = (byte) index;
    }
    return table;
  }

  /** The field at an index from 1 to {@link #LENGTH}. */
  static HpackField get(int index) {
    return FIELDS[index - 1];
  }

  /** The lowest index with this lower-case name, or {@link #NONE}. */
  static int indexOfName(AsciiString name) {
    int slot = name.hashCode() & (NAME_SLOTS - 1);
    for (int index = NAME_INDEX[slot]; index != NONE; index = NAME_INDEX[slot]) {
      AsciiString at = FIELDS[index - 1].name;
      if (at == name || at.equals(name)) {
        return index;
      }
      slot = (slot + 1) & (NAME_SLOTS - 1);
    }
    return NONE;
  }
}

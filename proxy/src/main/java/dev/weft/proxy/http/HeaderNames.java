package dev.weft.proxy.http;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The header names that occur often, each as the one instance all codecs use, and the values the
 * codecs compare with. Names are lower case. Immutable, shared by all threads.
 */
public final class HeaderNames {
  public static final AsciiString ACCEPT = name("accept");
  public static final AsciiString ACCEPT_CHARSET = name("accept-charset");
  public static final AsciiString ACCEPT_ENCODING = name("accept-encoding");
  public static final AsciiString ACCEPT_LANGUAGE = name("accept-language");
  public static final AsciiString ACCEPT_RANGES = name("accept-ranges");
  public static final AsciiString ACCESS_CONTROL_ALLOW_ORIGIN = name("access-control-allow-origin");
  public static final AsciiString AGE = name("age");
  public static final AsciiString ALLOW = name("allow");
  public static final AsciiString AUTHORIZATION = name("authorization");
  public static final AsciiString CACHE_CONTROL = name("cache-control");
  public static final AsciiString CONNECTION = name("connection");
  public static final AsciiString CONTENT_DISPOSITION = name("content-disposition");
  public static final AsciiString CONTENT_ENCODING = name("content-encoding");
  public static final AsciiString CONTENT_LANGUAGE = name("content-language");
  public static final AsciiString CONTENT_LENGTH = name("content-length");
  public static final AsciiString CONTENT_LOCATION = name("content-location");
  public static final AsciiString CONTENT_RANGE = name("content-range");
  public static final AsciiString CONTENT_TYPE = name("content-type");
  public static final AsciiString COOKIE = name("cookie");
  public static final AsciiString DATE = name("date");
  public static final AsciiString ETAG = name("etag");
  public static final AsciiString EXPECT = name("expect");
  public static final AsciiString EXPIRES = name("expires");
  public static final AsciiString FORWARDED = name("forwarded");
  public static final AsciiString FROM = name("from");
  public static final AsciiString GRPC_ACCEPT_ENCODING = name("grpc-accept-encoding");
  public static final AsciiString GRPC_ENCODING = name("grpc-encoding");
  public static final AsciiString GRPC_MESSAGE = name("grpc-message");
  public static final AsciiString GRPC_STATUS = name("grpc-status");
  public static final AsciiString GRPC_TIMEOUT = name("grpc-timeout");
  public static final AsciiString HOST = name("host");
  public static final AsciiString HTTP2_SETTINGS = name("http2-settings");
  public static final AsciiString IF_MATCH = name("if-match");
  public static final AsciiString IF_MODIFIED_SINCE = name("if-modified-since");
  public static final AsciiString IF_NONE_MATCH = name("if-none-match");
  public static final AsciiString IF_RANGE = name("if-range");
  public static final AsciiString IF_UNMODIFIED_SINCE = name("if-unmodified-since");
  public static final AsciiString KEEP_ALIVE = name("keep-alive");
  public static final AsciiString L5D_CLIENT_ID = name("l5d-client-id");
  public static final AsciiString L5D_DST_CANONICAL = name("l5d-dst-canonical");
  public static final AsciiString L5D_DST_OVERRIDE = name("l5d-dst-override");
  public static final AsciiString L5D_ORIG_PROTO = name("l5d-orig-proto");
  public static final AsciiString L5D_PROXY_CONNECTION = name("l5d-proxy-connection");
  public static final AsciiString L5D_PROXY_ERROR = name("l5d-proxy-error");
  public static final AsciiString L5D_REQUEST_TIMEOUT = name("l5d-request-timeout");
  public static final AsciiString L5D_REQUIRE_ID = name("l5d-require-id");
  public static final AsciiString L5D_RESPONSE_TIMEOUT = name("l5d-response-timeout");
  public static final AsciiString L5D_RETRY_GRPC = name("l5d-retry-grpc");
  public static final AsciiString L5D_RETRY_HTTP = name("l5d-retry-http");
  public static final AsciiString L5D_RETRY_LIMIT = name("l5d-retry-limit");
  public static final AsciiString L5D_RETRY_TIMEOUT = name("l5d-retry-timeout");
  public static final AsciiString L5D_TIMEOUT = name("l5d-timeout");
  public static final AsciiString LAST_MODIFIED = name("last-modified");
  public static final AsciiString LINK = name("link");
  public static final AsciiString LOCATION = name("location");
  public static final AsciiString MAX_FORWARDS = name("max-forwards");
  public static final AsciiString ORIGIN = name("origin");
  public static final AsciiString PRAGMA = name("pragma");
  public static final AsciiString PROXY_AUTHENTICATE = name("proxy-authenticate");
  public static final AsciiString PROXY_AUTHORIZATION = name("proxy-authorization");
  public static final AsciiString PROXY_CONNECTION = name("proxy-connection");
  public static final AsciiString RANGE = name("range");
  public static final AsciiString REFERER = name("referer");
  public static final AsciiString RETRY_AFTER = name("retry-after");
  public static final AsciiString SERVER = name("server");
  public static final AsciiString SET_COOKIE = name("set-cookie");
  public static final AsciiString STRICT_TRANSPORT_SECURITY = name("strict-transport-security");
  public static final AsciiString TE = name("te");
  public static final AsciiString TRACEPARENT = name("traceparent");
  public static final AsciiString TRACESTATE = name("tracestate");
  public static final AsciiString TRAILER = name("trailer");
  public static final AsciiString TRANSFER_ENCODING = name("transfer-encoding");
  public static final AsciiString UPGRADE = name("upgrade");
  public static final AsciiString USER_AGENT = name("user-agent");
  public static final AsciiString VARY = name("vary");
  public static final AsciiString VIA = name("via");
  public static final AsciiString WWW_AUTHENTICATE = name("www-authenticate");
  public static final AsciiString X_B3_SAMPLED = name("x-b3-sampled");
  public static final AsciiString X_B3_SPANID = name("x-b3-spanid");
  public static final AsciiString X_B3_TRACEID = name("x-b3-traceid");
  public static final AsciiString X_FORWARDED_FOR = name("x-forwarded-for");
  public static final AsciiString X_FORWARDED_HOST = name("x-forwarded-host");
  public static final AsciiString X_FORWARDED_PROTO = name("x-forwarded-proto");
  public static final AsciiString X_REQUEST_ID = name("x-request-id");

  /** The value {@code close} of {@code connection}. */
  public static final AsciiString CLOSE = AsciiString.cached("close");

  /** The value {@code chunked} of {@code transfer-encoding}. */
  public static final AsciiString CHUNKED = AsciiString.cached("chunked");

  /** The value {@code 0}. */
  public static final AsciiString ZERO = AsciiString.cached("0");

  private HeaderNames() {}

  /** Open addressing, a power of two at least four times the number of names. */
  private static final class Known {
    static final int SLOTS = 512;
    static final @Nullable AsciiString[] TABLE = new AsciiString[SLOTS];

    private Known() {}
  }

  private static AsciiString name(String text) {
    AsciiString name = AsciiString.cached(text);
    byte[] bytes = name.array();
    int slot = hash(bytes, 0, bytes.length) & (Known.SLOTS - 1);
    while (Known.TABLE[slot] != null) {
      slot = (slot + 1) & (Known.SLOTS - 1);
    }
    Known.TABLE[slot] = name;
    return name;
  }

  /**
   * The shared instance of a lower-case name, or a new string on the same bytes.
   *
   * @param bytes borrowed when the name is known, kept otherwise: the caller must not change them
   */
  public static AsciiString of(byte[] bytes, int offset, int length) {
    AsciiString known = known(bytes, offset, length);
    return known != null ? known : new AsciiString(bytes, offset, length, false);
  }

  /** The shared instance of a lower-case name, or null. Borrows the bytes. */
  public static @Nullable AsciiString known(byte[] bytes, int offset, int length) {
    int slot = hash(bytes, offset, length) & (Known.SLOTS - 1);
    for (AsciiString at = Known.TABLE[slot]; at != null; at = Known.TABLE[slot]) {
      if (at.length() == length && same(at, bytes, offset)) {
        return at;
      }
      slot = (slot + 1) & (Known.SLOTS - 1);
    }
    return null;
  }

  private static boolean same(AsciiString name, byte[] bytes, int offset) {
    byte[] known = name.array();
    for (int i = 0; i < known.length; i++) {
      if (known[i] != bytes[offset + i]) {
        return false;
      }
    }
    return true;
  }

  /** Length and three bytes tell the known names apart well enough. */
  private static int hash(byte[] bytes, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    int first = bytes[offset];
    int middle = bytes[offset + (length >> 1)];
    int last = bytes[offset + length - 1];
    int hash = length + first * 31 + middle * 961 + last * 29791;
    return hash ^ (hash >>> 9);
  }
}

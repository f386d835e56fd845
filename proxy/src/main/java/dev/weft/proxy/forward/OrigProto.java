package dev.weft.proxy.forward;

import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.TargetForm;
import io.netty.util.AsciiString;

/**
 * HTTP/1 messages carried over HTTP/2 between two proxies: the version, and for requests the form
 * of the target, travel in {@code l5d-orig-proto}.
 *
 * <p>Source: facts/proxy.md 2.7.
 */
public final class OrigProto {
  private static final AsciiString HTTP_1_1 = AsciiString.cached("HTTP/1.1");
  private static final AsciiString HTTP_1_0 = AsciiString.cached("HTTP/1.0");
  private static final AsciiString HTTP_1_1_ABSOLUTE =
      AsciiString.cached("HTTP/1.1; absolute-form");
  private static final AsciiString HTTP_1_0_ABSOLUTE =
      AsciiString.cached("HTTP/1.0; absolute-form");
  private static final AsciiString ABSOLUTE = AsciiString.cached("absolute-form");
  private static final int ABSOLUTE_AT = 10;

  private OrigProto() {}

  /** Turns an HTTP/1 request into the HTTP/2 request that carries it. */
  public static void carry(RequestHead head) {
    boolean absolute = head.form == TargetForm.ABSOLUTE;
    AsciiString value =
        head.version == HttpVersion.HTTP_1_0
            ? (absolute ? HTTP_1_0_ABSOLUTE : HTTP_1_0)
            : (absolute ? HTTP_1_1_ABSOLUTE : HTTP_1_1);
    head.headers.set(HeaderNames.L5D_ORIG_PROTO, value);
    head.headers.remove(HeaderNames.TRANSFER_ENCODING);
  }

  /**
   * Turns an HTTP/2 request that carries an HTTP/1 request into the latter; the header is removed
   * from every request.
   *
   * @return whether it carried one
   */
  public static boolean restore(RequestHead head) {
    AsciiString value = head.headers.get(HeaderNames.L5D_ORIG_PROTO);
    if (value == null) {
      return false;
    }
    head.headers.remove(HeaderNames.L5D_ORIG_PROTO);
    if (head.version != HttpVersion.HTTP_2) {
      return false;
    }
    if (value.startsWith(HTTP_1_1)) {
      head.version = HttpVersion.HTTP_1_1;
    } else if (value.startsWith(HTTP_1_0)) {
      head.version = HttpVersion.HTTP_1_0;
    } else {
      return false;
    }
    head.form =
        value.indexOf(ABSOLUTE, ABSOLUTE_AT) == ABSOLUTE_AT
            ? TargetForm.ABSOLUTE
            : TargetForm.ORIGIN;
    return true;
  }

  /** Marks the response to a carried request with the version the application spoke. */
  public static void carry(ResponseHead head) {
    if (head.version.isHttp1()) {
      head.headers.set(
          HeaderNames.L5D_ORIG_PROTO, head.version == HttpVersion.HTTP_1_0 ? HTTP_1_0 : HTTP_1_1);
      head.headers.remove(HeaderNames.TRANSFER_ENCODING);
    }
  }

  /** Undoes {@link #carry(ResponseHead)}; without the mark the request's version holds. */
  public static void restore(ResponseHead head, HttpVersion requested) {
    AsciiString value = head.headers.get(HeaderNames.L5D_ORIG_PROTO);
    HttpVersion version = requested;
    if (value != null) {
      head.headers.remove(HeaderNames.L5D_ORIG_PROTO);
      if (value.equals(HTTP_1_0)) {
        version = HttpVersion.HTTP_1_0;
      } else if (value.equals(HTTP_1_1)) {
        version = HttpVersion.HTTP_1_1;
      }
    }
    head.version = version;
  }
}

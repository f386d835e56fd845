package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.Methods;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.ResponseHead;
import io.netty.util.AsciiString;

/**
 * Turns heads and trailers into header blocks. Runs on the connection's loop only.
 *
 * <p>A request that has no authority of its own takes the one of its {@code host} field (RFC 9113,
 * section 8.3.1), and {@code http} for a missing scheme. Fields that HTTP/2 forbids are left out,
 * as is a {@code te} other than {@code trailers}.
 */
final class HeadEncoder {
  private static final AsciiString HTTP = AsciiString.cached("http");
  private static final AsciiString HTTPS = AsciiString.cached("https");
  private static final AsciiString ROOT = AsciiString.cached("/");
  private static final AsciiString TRAILERS = AsciiString.cached("trailers");
  private static final AsciiString[] STATUSES = new AsciiString[600];

  static {
    for (int status = 100; status < STATUSES.length; status++) {
      STATUSES[status] = AsciiString.cached(Integer.toString(status));
    }
  }

  private final HpackEncoder hpack = new HpackEncoder();

  HpackEncoder hpack() {
    return hpack;
  }

  void request(RequestHead head) {
    hpack.begin();
    if (head.method == Methods.GET) {
      hpack.addStatic(HpackStaticTable.METHOD_GET);
    } else if (head.method == Methods.POST) {
      hpack.addStatic(HpackStaticTable.METHOD_POST);
    } else {
      hpack.add(FieldKind.METHOD_NAME, HpackStaticTable.METHOD_GET, head.method);
    }
    AsciiString authority = head.effectiveAuthority();
    if (!head.isConnect()) {
      scheme(head.scheme);
      path(head.path);
    }
    if (!authority.isEmpty()) {
      hpack.add(FieldKind.AUTHORITY_NAME, HpackStaticTable.AUTHORITY, authority);
    }
    fields(head.headers);
  }

  private void scheme(AsciiString scheme) {
    if (scheme.isEmpty() || HTTP.equals(scheme)) {
      hpack.addStatic(HpackStaticTable.SCHEME_HTTP);
    } else if (HTTPS.equals(scheme)) {
      hpack.addStatic(HpackStaticTable.SCHEME_HTTPS);
    } else {
      hpack.add(FieldKind.SCHEME_NAME, HpackStaticTable.SCHEME_HTTP, scheme);
    }
  }

  private void path(AsciiString path) {
    if (path.isEmpty() || ROOT.equals(path)) {
      hpack.addStatic(HpackStaticTable.PATH_ROOT);
    } else {
      hpack.add(FieldKind.PATH_NAME, HpackStaticTable.PATH_ROOT, path);
    }
  }

  void response(ResponseHead head) {
    hpack.begin();
    int status = head.status;
    if (status == 200) {
      hpack.addStatic(HpackStaticTable.STATUS_200);
    } else {
      AsciiString text =
          status < STATUSES.length ? STATUSES[status] : AsciiString.of(Integer.toString(status));
      hpack.add(FieldKind.STATUS_NAME, HpackStaticTable.STATUS_200, text);
    }
    fields(head.headers);
  }

  void trailers(HeaderBlock trailers) {
    hpack.begin();
    fields(trailers);
  }

  private void fields(HeaderBlock fields) {
    for (int i = 0; i < fields.size(); i++) {
      AsciiString name = fields.name(i);
      AsciiString value = fields.value(i);
      if (FieldKind.isConnectionSpecific(name)
          || (name == HeaderNames.TE && !TRAILERS.contentEqualsIgnoreCase(value))) {
        continue;
      }
      if (fields.isSensitive(i)) {
        hpack.addSensitive(name, value);
      } else {
        hpack.add(name, value);
      }
    }
  }
}

package dev.weft.proxy.accesslog;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is logged of a request. Texts are empty where the request has none.
 *
 * @param client address and port
 * @param clientId the mesh identity, or a dash
 * @param timestamp when it began
 * @param uri path and query
 * @param version as in {@code HTTP/1.1}
 * @param traceId of the first known field that names one
 * @param requestBytes {@code content-length}
 */
record AccessedRequest(
    String client,
    String clientId,
    Instant timestamp,
    String method,
    String uri,
    String version,
    String traceId,
    String requestBytes,
    String userAgent,
    String host) {
  private static final AsciiString X_AMZN_TRACE_ID = AsciiString.cached("x-amzn-trace-id");
  private static final List<AsciiString> TRACE_IDS =
      List.of(HeaderNames.X_B3_TRACEID, HeaderNames.X_REQUEST_ID, X_AMZN_TRACE_ID);

  static AccessedRequest of(
      RequestHead head, String client, @Nullable String clientId, Instant timestamp) {
    return new AccessedRequest(
        client,
        clientId == null ? "-" : clientId,
        timestamp,
        head.method.toString(),
        head.path.toString(),
        head.version == HttpVersion.HTTP_2 ? "HTTP/2.0" : head.version.text(),
        traceId(head.headers),
        text(head.headers, HeaderNames.CONTENT_LENGTH),
        text(head.headers, HeaderNames.USER_AGENT),
        head.effectiveAuthority().toString());
  }

  private static String traceId(HeaderBlock headers) {
    for (AsciiString name : TRACE_IDS) {
      AsciiString value = headers.get(name);
      if (value != null) {
        return value.toString();
      }
    }
    return "";
  }

  static String text(HeaderBlock headers, AsciiString name) {
    AsciiString value = headers.get(name);
    return value == null ? "" : value.toString();
  }
}

package dev.weft.proxy.http.http1;

import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.ResponseHead;
import io.netty.util.AsciiString;

/**
 * Turns the lines of a response head into a {@link ResponseHead} after judging its framing. Runs on
 * the channel's loop only.
 *
 * <p>Source: RFC 9112, section 6.3.
 */
final class ResponseReader {
  /** What follows a response head. */
  enum Next {
    /** Another head. */
    HEAD,
    /** Nothing: the response has no body. */
    NOTHING,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE,
    /** Raw bytes: the response agreed to an upgrade. */
    TUNNEL
  }

  private ResponseReader() {}

  /**
   * The response.
   *
   * @param lines a complete head
   * @param scan filled with what the fields say
   */
  static ResponseHead read(HeadReader lines, FieldScan scan) throws BadMessage {
    scan.scan(lines.fields());
    FirstLine line = lines.firstLine();
    if (scan.chunked && line.isHttp10()) {
      throw BadMessage.badRequest("transfer-encoding in HTTP/1.0");
    }
    AsciiString reason = line.reason(lines.bytes());
    return new ResponseHead(
        line.isHttp10() ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1,
        line.status(),
        reason.isEmpty() ? null : reason,
        lines.fields());
  }

  /**
   * What follows the head, which is freed of lengths that mean nothing.
   *
   * @param headMethod whether the request was HEAD
   * @param connect whether the request was CONNECT
   * @param upgradeWanted whether the request asked for a tunnel
   */
  static Next next(
      ResponseHead head, FieldScan scan, boolean headMethod, boolean connect, boolean upgradeWanted)
      throws BadMessage {
    int status = head.status;
    if (status == 101) {
      if (!upgradeWanted || connect || !scan.upgrade) {
        throw BadMessage.badRequest("101 to a request that did not ask for it");
      }
      head.headers.remove(HeaderNames.CONTENT_LENGTH);
      scan.keepUpgrade(head.headers);
      return Next.TUNNEL;
    }
    if (head.isInformational()) {
      head.headers.remove(HeaderNames.CONTENT_LENGTH);
      return Next.HEAD;
    }
    if (connect && status < 300) {
      head.headers.remove(HeaderNames.CONTENT_LENGTH);
      return Next.TUNNEL;
    }
    if (status == 204) {
      head.headers.remove(HeaderNames.CONTENT_LENGTH);
      return Next.NOTHING;
    }
    if (headMethod || status == 304) {
      return Next.NOTHING;
    }
    if (scan.chunked) {
      return Next.CHUNKED;
    }
    if (scan.contentLength >= 0) {
      return scan.contentLength == 0 ? Next.NOTHING : Next.LENGTH;
    }
    return Next.UNTIL_CLOSE;
  }
}

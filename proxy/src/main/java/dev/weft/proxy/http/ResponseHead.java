package dev.weft.proxy.http;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The head of a response, informational or final, the same for all versions: mutable, so that it is
 * passed on and not rebuilt. Hop-by-hop fields and {@code transfer-encoding} are gone from {@link
 * #headers}, but for an upgrade. Runs on one event loop only.
 */
public final class ResponseHead {
  /** The version received; a codec sends its own. */
  public HttpVersion version;

  /** 100 to 999. */
  public int status;

  /** The reason phrase as received by HTTP/1; null means the usual one for the status. */
  public @Nullable AsciiString reason;

  /** All fields but pseudo-headers. */
  public HeaderBlock headers;

  /** Every part given. */
  public ResponseHead(
      HttpVersion version, int status, @Nullable AsciiString reason, HeaderBlock headers) {
    this.version = version;
    this.status = status;
    this.reason = reason;
    this.headers = headers;
  }

  /** A response without fields. */
  public static ResponseHead of(int status) {
    return new ResponseHead(HttpVersion.HTTP_1_1, status, null, new HeaderBlock());
  }

  /** Whether another head follows (1xx but 101). */
  public boolean isInformational() {
    return status < 200 && status != 101;
  }

  @Override
  public String toString() {
    return version.text() + " " + status;
  }
}

package dev.weft.proxy.http;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, the same for all versions: mutable, so that it is passed on and not
 * rebuilt.
 *
 * <p>{@link #path} is path and query as received ({@code /a?b}, {@code *}, or empty for CONNECT).
 * {@link #authority} is what the request line (absolute or authority form) or {@code :authority}
 * named, and empty when neither did: an origin-form HTTP/1 request has its authority in the {@code
 * host} field; see {@link #effectiveAuthority}. The codecs have removed hop-by-hop fields and
 * {@code transfer-encoding} from {@link #headers}; {@code content-length} stays and was checked. An
 * {@link #upgrade} keeps {@code connection} and {@code upgrade}.
 *
 * <p>Runs on one event loop only. Source: RFC 9110, section 7; RFC 9112, section 3; RFC 9113,
 * section 8.3.1.
 */
public final class RequestHead {
  /** The version received, or the one to send on a HTTP/1 connection. */
  public HttpVersion version;

  /** The method, as received: methods are case-sensitive. */
  public AsciiString method;

  /** How the target is spelled when sent as HTTP/1. */
  public TargetForm form;

  /** {@code http}, {@code https}, or empty when an HTTP/1 request did not say. */
  public AsciiString scheme;

  /** Host and optional port, or empty; never with user information. */
  public AsciiString authority;

  /** Path and query; empty only for CONNECT. */
  public AsciiString path;

  /** All fields but pseudo-headers. */
  public HeaderBlock headers;

  /**
   * Whether this asks for a tunnel: CONNECT, or HTTP/1.1 with an {@code upgrade} field other than
   * {@code h2c}. Then the response may be an upgrade, after which data are raw bytes both ways.
   */
  public boolean upgrade;

  /** Every part given. */
  public RequestHead(
      HttpVersion version,
      AsciiString method,
      TargetForm form,
      AsciiString scheme,
      AsciiString authority,
      AsciiString path,
      HeaderBlock headers) {
    this.version = version;
    this.method = method;
    this.form = form;
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
    this.headers = headers;
  }

  /** An origin-form request without fields. */
  public static RequestHead of(HttpVersion version, String method, String path) {
    return new RequestHead(
        version,
        Methods.of(AsciiString.of(method)),
        TargetForm.ORIGIN,
        AsciiString.EMPTY_STRING,
        AsciiString.EMPTY_STRING,
        AsciiString.of(path),
        new HeaderBlock());
  }

  /** An independent head, needed by whoever may send the request again. */
  public RequestHead copy() {
    RequestHead copy =
        new RequestHead(version, method, form, scheme, authority, path, headers.copy());
    copy.upgrade = upgrade;
    return copy;
  }

  /** The authority of the target, else the {@code host} field, else empty. */
  public AsciiString effectiveAuthority() {
    if (!authority.isEmpty()) {
      return authority;
    }
    AsciiString host = headers.get(HeaderNames.HOST);
    return host != null ? host : AsciiString.EMPTY_STRING;
  }

  /** Whether the method is CONNECT. */
  public boolean isConnect() {
    return method == Methods.CONNECT || method.equals(Methods.CONNECT);
  }

  /** Whether the method is HEAD, whose responses have no body. */
  public boolean isHead() {
    return method == Methods.HEAD || method.equals(Methods.HEAD);
  }

  /** Whether {@code content-type} starts with {@code application/grpc}. */
  public boolean isGrpc() {
    @Nullable AsciiString type = headers.get(HeaderNames.CONTENT_TYPE);
    return type != null && type.startsWith(Methods.APPLICATION_GRPC);
  }

  /** Method and path without the query: enough for a log, free of secrets in most applications. */
  @Override
  public String toString() {
    int query = path.indexOf('?', 0);
    return method + " " + (query < 0 ? path : path.subSequence(0, query)) + " " + version.text();
  }
}

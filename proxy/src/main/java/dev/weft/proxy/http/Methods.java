package dev.weft.proxy.http;

import io.netty.util.AsciiString;
import java.util.Arrays;

/** The methods that occur often, as shared instances. */
public final class Methods {
  public static final AsciiString GET = AsciiString.cached("GET");
  public static final AsciiString HEAD = AsciiString.cached("HEAD");
  public static final AsciiString POST = AsciiString.cached("POST");
  public static final AsciiString PUT = AsciiString.cached("PUT");
  public static final AsciiString DELETE = AsciiString.cached("DELETE");
  public static final AsciiString PATCH = AsciiString.cached("PATCH");
  public static final AsciiString OPTIONS = AsciiString.cached("OPTIONS");
  public static final AsciiString TRACE = AsciiString.cached("TRACE");
  public static final AsciiString CONNECT = AsciiString.cached("CONNECT");

  static final AsciiString APPLICATION_GRPC = AsciiString.cached("application/grpc");

  private static final AsciiString[] ALL = {
    GET, POST, PUT, DELETE, HEAD, PATCH, OPTIONS, CONNECT, TRACE
  };

  private Methods() {}

  /** The shared instance of a method, or the string given. */
  public static AsciiString of(AsciiString method) {
    for (AsciiString known : ALL) {
      if (known.equals(method)) {
        return known;
      }
    }
    return method;
  }

  /** Whether doing it twice is the same as once, so that it may be repeated (RFC 9110, 9.2.2). */
  public static boolean isIdempotent(AsciiString method) {
    return GET.equals(method)
        || HEAD.equals(method)
        || PUT.equals(method)
        || DELETE.equals(method)
        || OPTIONS.equals(method)
        || TRACE.equals(method);
  }

  /**
   * The shared instance of a method, or a new string on the same bytes.
   *
   * @param bytes borrowed when the method is known, kept otherwise: the caller must not change them
   */
  public static AsciiString of(byte[] bytes, int offset, int length) {
    for (AsciiString known : ALL) {
      if (known.length() == length
          && Arrays.equals(known.array(), 0, length, bytes, offset, offset + length)) {
        return known;
      }
    }
    return new AsciiString(bytes, offset, length, false);
  }
}

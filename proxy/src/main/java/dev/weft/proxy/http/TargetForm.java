package dev.weft.proxy.http;

/** How an HTTP/1 request line spells its target (RFC 9112, section 3.2). */
public enum TargetForm {
  /** {@code /path?query}; also every HTTP/2 request that was never absolute. */
  ORIGIN,
  /** {@code http://host/path?query}, as sent to a forward proxy. */
  ABSOLUTE,
  /** {@code host:port}, of CONNECT alone. */
  AUTHORITY,
  /** {@code *}, of OPTIONS alone. */
  ASTERISK
}

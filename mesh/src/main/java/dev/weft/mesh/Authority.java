package dev.weft.mesh;

import java.util.Optional;

/**
 * The {@code host[:port]} of a URI: a name, an IPv4 literal, or an IPv6 literal in brackets.
 *
 * <p>The host is kept as written, without brackets; whether a name may have upper case or a
 * trailing dot is its user's question. User information is refused.
 *
 * @param host not empty; an IPv6 literal without brackets
 * @param port 1 to 65535, or 0 where none was written
 */
public record Authority(String host, int port) {
  /** Longest host accepted, in characters; DNS allows 253 and a trailing dot. */
  public static final int MAX_HOST_LENGTH = 254;

  /** Checks host and port. */
  public Authority {
    if (!isHost(host)) {
      throw new IllegalArgumentException(
          "host '" + host + "' refused; cause: neither a name nor an IP literal");
    }
    if (port < 0 || port > PortRange.MAX_PORT) {
      throw new IllegalArgumentException(
          "port " + port + " refused; fix: 1 to 65535, or 0 for none");
    }
  }

  /**
   * Reads an authority.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static Authority parse(String text) {
    return tryParse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "authority '"
                        + text
                        + "' refused; cause: not host, host:port or [ipv6]:port with a port of 1"
                        + " to 65535"));
  }

  /** Reads an authority; empty if the text is none. */
  public static Optional<Authority> tryParse(String text) {
    String host;
    String rest;
    if (text.startsWith("[")) {
      int close = text.indexOf(']');
      if (close < 0) {
        return Optional.empty();
      }
      host = text.substring(1, close);
      rest = text.substring(close + 1);
      if (host.indexOf(':') < 0) {
        return Optional.empty();
      }
    } else {
      int colon = text.indexOf(':');
      host = colon < 0 ? text : text.substring(0, colon);
      rest = colon < 0 ? "" : text.substring(colon);
    }
    if (!isHost(host)) {
      return Optional.empty();
    }
    if (rest.isEmpty()) {
      return Optional.of(new Authority(host, 0));
    }
    int port = rest.charAt(0) == ':' ? port(rest.substring(1)) : 0;
    return port == 0 ? Optional.empty() : Optional.of(new Authority(host, port));
  }

  private static int port(String digits) {
    if (digits.isEmpty() || digits.length() > 5) {
      return 0;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      value = value * 10 + (c - '0');
    }
    return value <= PortRange.MAX_PORT ? value : 0;
  }

  private static boolean isHost(String host) {
    if (host.isEmpty() || host.length() > MAX_HOST_LENGTH) {
      return false;
    }
    if (host.indexOf(':') >= 0) {
      return IpAddr.tryParse(host).isPresent();
    }
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '.'
              || c == '_'
              || c == '~';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  /** Whether a port was written. */
  public boolean hasPort() {
    return port != 0;
  }

  /** The port, or this default where none was written. */
  public int portOr(int defaultPort) {
    return port != 0 ? port : defaultPort;
  }

  /** The host as an address, if it is a literal. */
  public Optional<IpAddr> ip() {
    return IpAddr.tryParse(host);
  }

  /** The text, with brackets around an IPv6 literal; {@link #parse} reads it back. */
  @Override
  public String toString() {
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == 0 ? shown : shown + ":" + port;
  }
}

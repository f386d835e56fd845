package dev.weft.proxy.tls;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * The identity of a workload: a DNS name such as {@code
 * web.default.serviceaccount.identity.linkerd.cluster.local}, or a URI such as {@code
 * spiffe://example.org/web}. Compared exactly.
 *
 * <p>Source: facts/identity.md section 2 (a text is tried as a DNS name first, then as a URI).
 *
 * @param text the identity as written
 * @param form whether {@code text} is a DNS name or a URI
 */
public record PeerId(String text, Form form) {
  private static final int MAX_DNS_LENGTH = 253;
  private static final int MAX_LABEL_LENGTH = 63;

  /** How an identity is written. */
  public enum Form {
    /** A DNS name without trailing dot. */
    DNS,
    /** An absolute URI. */
    URI
  }

  /** Reads a text as a DNS name, else as a URI; empty if it is neither. */
  public static Optional<PeerId> parse(String text) {
    if (isDnsName(text)) {
      return Optional.of(dns(text));
    }
    try {
      return new URI(text).isAbsolute() ? Optional.of(uri(text)) : Optional.empty();
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  /** An identity in DNS form; the caller vouches for the form. */
  public static PeerId dns(String name) {
    return new PeerId(name, Form.DNS);
  }

  /** An identity in URI form; the caller vouches for the form. */
  public static PeerId uri(String uri) {
    return new PeerId(uri, Form.URI);
  }

  /** Whether a text is a DNS name: dot-separated labels, no trailing dot, not an IP address. */
  public static boolean isDnsName(String text) {
    if (text.isEmpty() || text.length() > MAX_DNS_LENGTH) {
      return false;
    }
    boolean numericLastLabel = true;
    int labelLength = 0;
    char previous = '.';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (labelLength == 0 || previous == '-') {
          return false;
        }
        labelLength = 0;
        numericLastLabel = true;
      } else {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        boolean digit = c >= '0' && c <= '9';
        if (!letter && !digit && !(c == '-' && labelLength > 0)) {
          return false;
        }
        numericLastLabel &= digit;
        if (++labelLength > MAX_LABEL_LENGTH) {
          return false;
        }
      }
      previous = c;
    }
    return labelLength > 0 && previous != '-' && !numericLastLabel;
  }

  @Override
  public String toString() {
    return text;
  }
}

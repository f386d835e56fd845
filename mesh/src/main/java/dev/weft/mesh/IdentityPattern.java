package dev.weft.mesh;

import java.util.List;

/**
 * Which identities an authentication accepts: one name exactly, or every name under a suffix.
 *
 * <p>Grammar: {@code *} is any identity; a leading {@code *.} is a suffix of the remaining labels;
 * anything else, {@code **.x}, {@code a.*.b} and {@code spiffe://...} included, is one exact name.
 */
public sealed interface IdentityPattern {
  /** Reads a pattern; every text is one. */
  static IdentityPattern parse(String text) {
    if (text.equals("*")) {
      return new Suffix(List.of());
    }
    if (text.startsWith("*.")) {
      return new Suffix(List.of(text.substring(2).split("\\.", -1)));
    }
    return new Exact(text);
  }

  /** Whether the identity, a non-empty name, is accepted. Case-sensitive. */
  boolean matches(String identity);

  /**
   * One identity.
   *
   * @param identity the name, a DNS name or a URI
   */
  record Exact(String identity) implements IdentityPattern {
    @Override
    public boolean matches(String candidate) {
      return identity.equals(candidate);
    }

    @Override
    public String toString() {
      return identity;
    }
  }

  /**
   * All identities which end in these labels and have at least one label before them.
   *
   * @param labels in written order; none means any identity
   */
  record Suffix(List<String> labels) implements IdentityPattern {
    /** Copies the labels. */
    public Suffix {
      labels = List.copyOf(labels);
    }

    @Override
    public boolean matches(String identity) {
      int end = identity.length();
      for (int i = labels.size() - 1; i >= 0; i--) {
        String label = labels.get(i);
        int start = end - label.length();
        if (start < 1 || !identity.startsWith(label, start) || identity.charAt(start - 1) != '.') {
          return false;
        }
        end = start - 1;
      }
      return end > 0;
    }

    @Override
    public String toString() {
      return labels.isEmpty() ? "*" : "*." + String.join(".", labels);
    }
  }
}

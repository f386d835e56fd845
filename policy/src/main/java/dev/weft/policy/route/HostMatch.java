package dev.weft.policy.route;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A host condition of a route; compared without port and regardless of ASCII letter case. */
public sealed interface HostMatch {
  /** One host. A trailing dot on the request side is ignored unless this pattern has one too. */
  record Exact(String host) implements HostMatch {}

  /**
   * Every host below a domain, the domain itself excluded.
   *
   * @param reverseLabels labels from right to left: {@code *.example.com} is {@code com, example}
   */
  record Suffix(List<String> reverseLabels) implements HostMatch {
    public Suffix {
      reverseLabels = List.copyOf(reverseLabels);
    }

    /** The domain in written order, without the wildcard. */
    String domain() {
      List<String> labels = new ArrayList<>(reverseLabels);
      Collections.reverse(labels);
      return String.join(".", labels);
    }
  }

  /** Reads a hostname of a route object: a leading {@code *.} makes a suffix, all else is exact. */
  static HostMatch parse(String hostname) {
    if (!hostname.startsWith("*.")) {
      return new Exact(hostname);
    }
    List<String> labels = new ArrayList<>(List.of(hostname.substring(2).split("\\.", -1)));
    Collections.reverse(labels);
    return new Suffix(labels);
  }
}

package dev.weft.policy.inbound;

import dev.weft.mesh.IdentityPattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** What a client must show of itself. */
public sealed interface Authentication {
  /** Nothing; any client, with or without TLS. */
  record Unauthenticated() implements Authentication {}

  /** Mesh TLS, with or without a client certificate. */
  record TlsUnauthenticated() implements Authentication {}

  /**
   * Mesh TLS with a certificate for one of these identities.
   *
   * @param exact whole identities, DNS names or URIs
   * @param suffixes patterns of DNS names; never fulfilled by a URI
   */
  record Identities(List<String> exact, List<IdentityPattern.Suffix> suffixes)
      implements Authentication {
    /** Copies the lists. */
    public Identities {
      exact = List.copyOf(exact);
      suffixes = List.copyOf(suffixes);
    }

    /** Any mesh identity that is a DNS name. */
    public static final Identities ANY =
        new Identities(List.of(), List.of(new IdentityPattern.Suffix(List.of())));

    /** These patterns, without duplicates and in one order whatever the given one. */
    public static Identities of(Collection<? extends IdentityPattern> patterns) {
      var exact = new TreeSet<String>();
      var suffixes =
          new TreeSet<IdentityPattern.Suffix>(
              Comparator.comparing(IdentityPattern.Suffix::toString));
      for (IdentityPattern pattern : patterns) {
        switch (pattern) {
          case IdentityPattern.Exact(String identity) -> exact.add(identity);
          case IdentityPattern.Suffix suffix -> suffixes.add(suffix);
        }
      }
      return new Identities(new ArrayList<>(exact), new ArrayList<>(suffixes));
    }
  }
}

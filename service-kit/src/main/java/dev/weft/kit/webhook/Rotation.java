package dev.weft.kit.webhook;

import dev.weft.kit.tls.Credentials;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The steps of a serving certificate's life, so that at no moment the API server meets a
 * certificate it does not trust: the next one is made and its authority made known; after the
 * overlap it takes the place of the current one; after another overlap the old authority is
 * forgotten.
 *
 * @param names of the certificate
 * @param lifetime of the certificate
 * @param renewBefore how long before its end a certificate is replaced
 * @param overlap how long a step has to be known before the next is taken
 */
record Rotation(List<String> names, Duration lifetime, Duration renewBefore, Duration overlap) {
  Rotation {
    names = List.copyOf(names);
    if (renewBefore.compareTo(lifetime) >= 0) {
      throw new IllegalArgumentException(
          "weft.webhook.tls.renew-before=%s refused; cause: not below the lifetime %s; fix: lower it"
              .formatted(renewBefore, lifetime));
    }
  }

  /**
   * A new beginning; {@code trusted} are authorities of before, still to be trusted for a while.
   */
  ServingState begin(List<X509Certificate> trusted, Instant now, SecureRandom random) {
    SelfMade made = SelfMade.make(names, now, lifetime, random);
    return new ServingState(
        made.pair(), Optional.empty(), withFirst(made.authority(), trusted), now);
  }

  /**
   * The next step, if one is due.
   *
   * @param published whether the API server has been told of all that {@code state} trusts
   */
  Optional<ServingState> advance(
      ServingState state, boolean published, Instant now, SecureRandom random) {
    boolean expired = !now.isBefore(state.current().notAfter());
    boolean settled = published && !now.isBefore(state.since().plus(overlap));
    if (state.next().isPresent()) {
      return settled || (expired && published)
          ? Optional.of(
              new ServingState(state.next().get(), Optional.empty(), state.trusted(), now))
          : Optional.empty();
    }
    if (isDue(state.current(), now)) {
      SelfMade made = SelfMade.make(names, now, lifetime, random);
      return Optional.of(
          new ServingState(
              state.current(),
              Optional.of(made.pair()),
              withFirst(made.authority(), state.trusted()),
              now));
    }
    return settled && state.trusted().size() > 1
        ? Optional.of(
            new ServingState(
                state.current(), Optional.empty(), List.of(state.trusted().getFirst()), now))
        : Optional.empty();
  }

  private boolean isDue(Credentials current, Instant now) {
    return !now.isBefore(current.notAfter().minus(renewBefore)) || !carriesNames(current.leaf());
  }

  private boolean carriesNames(X509Certificate leaf) {
    try {
      Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
      return alternatives != null
          && names.stream()
              .allMatch(name -> alternatives.stream().anyMatch(a -> name.equals(a.get(1))));
    } catch (CertificateParsingException _) {
      return false;
    }
  }

  private static List<X509Certificate> withFirst(
      X509Certificate first, List<X509Certificate> others) {
    List<X509Certificate> all = new ArrayList<>();
    all.add(first);
    // Of a quick series of beginnings only the newest few can be in use anywhere.
    others.stream().limit(MAX_OTHERS).forEach(all::add);
    return all;
  }

  private static final int MAX_OTHERS = 4;
}

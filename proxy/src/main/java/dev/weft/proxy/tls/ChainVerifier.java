package dev.weft.proxy.tls;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXReason;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a chain leads to a trust anchor and is valid now, and reads the names of its leaf.
 * Host names are not checked here. Thread-safe.
 *
 * <p>Peers come back with the same chain for as long as their leaf lives, so verified chains are
 * remembered (bounded, least recently used goes first) and a handshake costs one look-up. A
 * remembered chain is forgotten when any certificate of it expires.
 */
final class ChainVerifier {
  /** Most chains remembered. */
  static final int MAX_REMEMBERED = 4_096;

  /** Longest chain read, leaf included. */
  static final int MAX_CHAIN_LENGTH = 10;

  private static final int SAN_DNS = 2;
  private static final int SAN_URI = 6;

  private final TrustAnchors anchors;
  private final Clock clock;
  private final Map<Key, Verified> remembered;

  ChainVerifier(TrustAnchors anchors, Clock clock) {
    this.anchors = anchors;
    this.clock = clock;
    this.remembered =
        new LinkedHashMap<>(64, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, Verified> eldest) {
            return size() > MAX_REMEMBERED;
          }
        };
  }

  /**
   * A chain that was found good.
   *
   * @param ids DNS and URI names of the leaf, in order
   * @param fromMillis the latest start of validity in the chain
   * @param untilMillis the earliest end of validity in the chain
   */
  record Verified(List<PeerId> ids, long fromMillis, long untilMillis) {
    Verified {
      ids = List.copyOf(ids);
    }

    /** The first DNS or URI name: who a client is. */
    @Nullable PeerId first() {
      return ids.isEmpty() ? null : ids.getFirst();
    }
  }

  /** Encoded certificates, compared by content. */
  private record Key(List<byte[]> encoded, int hash) {
    static Key of(X509Certificate[] chain) throws CertificateException {
      List<byte[]> encoded = new ArrayList<>(chain.length);
      int hash = 1;
      for (X509Certificate certificate : chain) {
        byte[] der = certificate.getEncoded();
        encoded.add(der);
        hash = 31 * hash + Arrays.hashCode(der);
      }
      return new Key(encoded, hash);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (!(other instanceof Key key) || key.hash != hash || key.encoded.size() != encoded.size()) {
        return false;
      }
      for (int i = 0; i < encoded.size(); i++) {
        if (!Arrays.equals(encoded.get(i), key.encoded.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Verifies a chain, leaf first.
   *
   * @throws CertificateException naming the leaf and the reason
   */
  Verified verify(X509Certificate[] chain) throws CertificateException {
    if (chain.length == 0 || chain.length > MAX_CHAIN_LENGTH) {
      throw new CertificateException(
          "certificate chain of "
              + chain.length
              + " refused; cause: 1 to "
              + MAX_CHAIN_LENGTH
              + " certificates are expected");
    }
    Key key = Key.of(chain);
    long now = clock.millis();
    synchronized (remembered) {
      Verified known = remembered.get(key);
      if (known != null) {
        if (now >= known.fromMillis && now <= known.untilMillis) {
          return known;
        }
        remembered.remove(key);
      }
    }
    Verified verified = build(chain, now);
    synchronized (remembered) {
      remembered.put(key, verified);
    }
    return verified;
  }

  private Verified build(X509Certificate[] chain, long now) throws CertificateException {
    X509Certificate leaf = chain[0];
    try {
      X509CertSelector selector = new X509CertSelector();
      selector.setCertificate(leaf);
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors.asPkix(), selector);
      parameters.addCertStore(
          CertStore.getInstance(
              "Collection", new CollectionCertStoreParameters(Arrays.asList(chain))));
      parameters.setRevocationEnabled(false);
      parameters.setDate(new Date(now));
      parameters.setMaxPathLength(MAX_CHAIN_LENGTH);
      CertPathBuilder.getInstance("PKIX").build(parameters);
    } catch (CertPathBuilderException e) {
      throw new CertificateException(
          "certificate of " + describe(leaf) + " refused; cause: " + cause(e, leaf, now), e);
    } catch (InvalidAlgorithmParameterException e) {
      throw new CertificateException("trust anchors are unusable: " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new CertificateException(
          "certificate of " + describe(leaf) + " refused; cause: " + e.getMessage(), e);
    }
    long from = Long.MIN_VALUE;
    long until = Long.MAX_VALUE;
    for (X509Certificate certificate : chain) {
      from = Math.max(from, certificate.getNotBefore().getTime());
      until = Math.min(until, certificate.getNotAfter().getTime());
    }
    return new Verified(names(leaf), from, until);
  }

  private static String cause(CertPathBuilderException e, X509Certificate leaf, long now) {
    if (now > leaf.getNotAfter().getTime()) {
      return "expired at " + leaf.getNotAfter().toInstant();
    }
    if (now < leaf.getNotBefore().getTime()) {
      return "not valid before " + leaf.getNotBefore().toInstant();
    }
    if (e.getCause() instanceof CertPathValidatorException v
        && v.getReason() != PKIXReason.NO_TRUST_ANCHOR) {
      return v.getMessage();
    }
    return "no path to a trust anchor";
  }

  static String describe(X509Certificate leaf) {
    try {
      List<PeerId> names = names(leaf);
      if (!names.isEmpty()) {
        return names.getFirst().text();
      }
    } catch (CertificateParsingException _) {
      // The subject has to do.
    }
    return "subject " + leaf.getSubjectX500Principal().getName();
  }

  private static List<PeerId> names(X509Certificate leaf) throws CertificateParsingException {
    List<PeerId> names = new ArrayList<>();
    Collection<List<?>> sans = leaf.getSubjectAlternativeNames();
    if (sans != null) {
      for (List<?> san : sans) {
        if (san.get(0) instanceof Integer type && san.get(1) instanceof String name) {
          if (type == SAN_DNS) {
            names.add(PeerId.dns(name));
          } else if (type == SAN_URI) {
            names.add(PeerId.uri(name));
          }
        }
      }
    }
    return names;
  }
}

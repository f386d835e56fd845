package dev.weft.cli.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.CliException;
import dev.weft.pki.Authority;
import dev.weft.pki.AuthorityRules;
import dev.weft.pki.PemCertificates;
import dev.weft.pki.PemKeys;
import dev.weft.pki.TrustAnchors;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Trust anchors and issuer among the values of an installation.
 *
 * <p>Source: facts/identity.md 3, 13.
 */
final class IdentityMaterial {
  /** Life of a root made here. */
  static final Duration LIFETIME = Duration.ofDays(365);

  private static final String REFUSED = "the issuer of identities is refused";

  private IdentityMaterial() {}

  /** Whether somebody else keeps the issuer's Secret. */
  static boolean isExternal(ObjectNode values) {
    return !text(values, "identity.issuer.scheme", "linkerd.io/tls").equals("linkerd.io/tls");
  }

  /**
   * Makes a root which is its own issuer if none was given, and verifies what was given.
   *
   * @param values changed
   * @throws CliException if what was given is incomplete or does not fit together
   */
  static void complete(ObjectNode values, String namespace, Instant now) {
    if (isExternal(values)) {
      return;
    }
    long given =
        Stream.of(IssuerOptions.ANCHORS, IssuerOptions.CERTIFICATE, IssuerOptions.KEY)
            .filter(path -> !text(values, path, "").isBlank())
            .count();
    if (given == 0) {
      generate(values, namespace, now);
    } else {
      verify(values, now);
    }
  }

  /** Makes a root which is its own issuer. */
  static void generate(ObjectNode values, String namespace, Instant now) {
    String domain = text(values, "identityTrustDomain", "");
    String trustDomain = domain.isEmpty() ? text(values, "clusterDomain", "cluster.local") : domain;
    try {
      Authority root =
          Authority.root("identity." + namespace + "." + trustDomain, 0, now, LIFETIME);
      ValueTree.put(values, IssuerOptions.ANCHORS, root.certificatePem());
      ValueTree.put(values, IssuerOptions.CERTIFICATE, root.certificatePem());
      ValueTree.put(values, IssuerOptions.KEY, root.keyPem());
    } catch (GeneralSecurityException e) {
      throw new CliException(
          "no issuer can be made", e.toString(), "make one and give it by the --identity-* flags");
    }
  }

  /**
   * Verifies that anchors, issuer and key are usable and belong together.
   *
   * @throws CliException naming everything that is wrong
   */
  static void verify(ObjectNode values, Instant now) {
    List<String> problems = new ArrayList<>();
    try {
      TrustAnchors anchors = TrustAnchors.parse(text(values, IssuerOptions.ANCHORS, ""));
      List<X509Certificate> chain =
          PemCertificates.parse(text(values, IssuerOptions.CERTIFICATE, ""));
      X509Certificate issuer = chain.getFirst();
      problems.addAll(AuthorityRules.anchorAlgorithms(anchors.certificates()));
      problems.addAll(AuthorityRules.validity(anchors.certificates(), now));
      problems.addAll(AuthorityRules.issuerAlgorithms(issuer));
      problems.addAll(AuthorityRules.validity(List.of(issuer), now));
      if (issuer.getBasicConstraints() < 0) {
        problems.add("the issuer is no authority (CA is not set)");
      }
      if (!PemKeys.matches(PemKeys.parse(text(values, IssuerOptions.KEY, "")), issuer)) {
        problems.add("the key is not that of the issuer's certificate");
      }
      anchors.verify(chain, now);
    } catch (GeneralSecurityException | IOException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    if (!problems.isEmpty()) {
      throw new CliException(
          REFUSED,
          String.join("; ", problems),
          "give PEM files of trust anchors, issuer and key, on ECDSA P-256, which belong together");
    }
  }

  /** The text at a path of names. */
  static String text(ObjectNode values, String dottedPath, String otherwise) {
    return values.at("/" + dottedPath.replace('.', '/')).asText(otherwise);
  }
}

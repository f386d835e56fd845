package dev.weft.identity.issue;

import dev.weft.identity.attest.Attestation;
import dev.weft.identity.attest.Attestor;
import dev.weft.identity.issue.RefusedException.Reason;
import dev.weft.mesh.IdentityNames;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.util.Optional;

/**
 * Turns a certificate request and a token into a leaf, or says why not. The order of the checks is
 * that of the contract: issuer, form, issuer's validity now, rules of the request, token, identity,
 * signature. Thread-safe; blocks while the token is judged.
 *
 * <p>Source: facts/identity.md 5.
 */
public final class Certification {
  private final IdentityNames names;
  private final IssuerKeeper issuers;
  private final Attestor attestor;
  private final LeafSigner signer;
  private final Clock clock;

  public Certification(
      IdentityNames names,
      IssuerKeeper issuers,
      Attestor attestor,
      LeafSigner signer,
      Clock clock) {
    this.names = names;
    this.issuers = issuers;
    this.attestor = attestor;
    this.signer = signer;
    this.clock = clock;
  }

  /**
   * Certifies a workload.
   *
   * @param identity the full identity it wants; compared byte for byte
   * @param token what proves it
   * @param csr PKCS#10 in DER
   * @throws RefusedException with the reason
   */
  public Leaf certify(String identity, byte[] token, byte[] csr) throws RefusedException {
    Issuer issuer = loadedIssuer();
    requirePresent(!identity.isEmpty(), "identity");
    requirePresent(token.length > 0, "token");
    requirePresent(csr.length > 0, "certificate_signing_request");
    CertificateRequest request = parse(csr);
    requireValid(issuer);
    requireLawful(request, identity);
    requireSpeaksFor(token, identity);
    return sign(issuer, request, identity);
  }

  /**
   * Certifies the identity service itself, which needs no token: it holds the issuer.
   *
   * @throws RefusedException if the issuer is not usable or the request breaks a rule
   */
  public Leaf certifySelf(byte[] csr) throws RefusedException {
    Issuer issuer = loadedIssuer();
    CertificateRequest request = parse(csr);
    requireValid(issuer);
    requireLawful(request, names.identityService());
    return sign(issuer, request, names.identityService());
  }

  private Issuer loadedIssuer() throws RefusedException {
    return issuers
        .issuer()
        .orElseThrow(
            () -> new RefusedException(Reason.NO_ISSUER, "the identity issuer is not loaded yet"));
  }

  private static void requirePresent(boolean present, String field) throws RefusedException {
    if (!present) {
      throw new RefusedException(
          Reason.BAD_REQUEST,
          "certify refused; cause: the field %s is empty; fix: send it".formatted(field));
    }
  }

  private static CertificateRequest parse(byte[] csr) throws RefusedException {
    try {
      return CertificateRequest.parse(csr);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(Reason.BAD_REQUEST, "certify refused: " + e.getMessage(), e);
    }
  }

  private void requireValid(Issuer issuer) throws RefusedException {
    try {
      issuer.verify(issuers.anchors(), clock.instant());
    } catch (CertificateException e) {
      throw new RefusedException(
          Reason.ISSUER_INVALID,
          "the identity issuer is not valid now; cause: %s; fix: renew the issuer secret"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static void requireLawful(CertificateRequest request, String identity)
      throws RefusedException {
    Optional<String> violation = request.violation(identity);
    if (violation.isPresent()) {
      throw new RefusedException(
          Reason.CSR_RULES,
          "certificate for '%s' refused; cause: %s; fix: ask for that one DNS name"
              .formatted(Printable.of(identity), violation.get()));
    }
  }

  private void requireSpeaksFor(byte[] token, String identity) throws RefusedException {
    String username =
        switch (attestor.attest(token)) {
          case Attestation.Authenticated(String name) -> name;
          case Attestation.Rejected(String why) ->
              throw refused(
                  Reason.UNAUTHENTICATED,
                  identity,
                  why,
                  "send a fresh token for audience " + IdentityNames.TOKEN_AUDIENCE);
          case Attestation.Malformed(String why) ->
              throw refused(
                  Reason.BAD_TOKEN,
                  identity,
                  why,
                  "send a token for audience " + IdentityNames.TOKEN_AUDIENCE);
          case Attestation.Unavailable(String why) ->
              throw refused(Reason.ATTESTATION_UNAVAILABLE, identity, why, "try again later");
        };
    String attested =
        names
            .ofUsername(username)
            .orElseThrow(
                () ->
                    refused(
                        Reason.BAD_TOKEN,
                        identity,
                        "the token speaks for a user who can have no identity",
                        "use a service account whose name is a DNS label"));
    if (!attested.equals(identity)) {
      throw refused(
          Reason.OTHER_IDENTITY,
          identity,
          "the token speaks for '%s'".formatted(attested),
          "ask for the identity of the token's service account");
    }
  }

  private static RefusedException refused(
      Reason reason, String identity, String cause, String fix) {
    return new RefusedException(
        reason,
        "certificate for '%s' refused; cause: %s; fix: %s"
            .formatted(Printable.of(identity), cause, fix));
  }

  private Leaf sign(Issuer issuer, CertificateRequest request, String identity)
      throws RefusedException {
    try {
      return signer.sign(issuer, request, identity);
    } catch (SignatureException e) {
      throw new RefusedException(
          Reason.SIGNING,
          "certificate for '%s' not signed; cause: %s; fix: use an ECDSA P-256 key"
              .formatted(identity, e.getMessage()),
          e);
    }
  }
}

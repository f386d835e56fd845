package dev.weft.identity.standalone;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.weft.mesh.IdentityNames;
import dev.weft.pki.Authority;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Fresh keys of a standalone mesh: a P-256 root whose private key is forgotten once it has signed
 * the issuer, the issuer, and a P-256 key for tokens.
 *
 * @param anchorsPem the root certificate
 * @param issuerPem the issuer's certificate
 * @param issuerKeyPem the issuer's private key, PKCS#8
 * @param keySetJson the public token key as a JWKS
 * @param signingKeyJson the private token key as a JWK
 */
record StandaloneKeys(
    String anchorsPem,
    String issuerPem,
    String issuerKeyPem,
    String keySetJson,
    String signingKeyJson) {
  /**
   * Nobody renews a standalone mesh by hand, and its keys never leave the machine: ten years. Root
   * and issuer end together, since the root can sign no second issuer.
   */
  static final Duration LIFETIME = Duration.ofDays(3_650);

  static StandaloneKeys generate(Clock clock) throws IOException {
    try {
      Instant now = clock.instant();
      Authority root = Authority.root("root.weft-standalone", 1, now, LIFETIME);
      Authority issuer =
          root.below(
              "identity."
                  + IdentityNames.DEFAULT_CONTROL_PLANE_NAMESPACE
                  + "."
                  + IdentityNames.DEFAULT_TRUST_DOMAIN,
              now,
              LIFETIME);
      ECKey tokens =
          new ECKeyGenerator(Curve.P_256)
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.ES256)
              .keyIDFromThumbprint(true)
              .generate();
      return new StandaloneKeys(
          root.certificatePem(),
          issuer.certificatePem(),
          issuer.keyPem(),
          new JWKSet(tokens.toPublicJWK()) + "\n",
          tokens.toJSONString() + "\n");
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IOException("keys of the standalone mesh cannot be made; cause: " + e, e);
    }
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "StandaloneKeys[]";
  }
}

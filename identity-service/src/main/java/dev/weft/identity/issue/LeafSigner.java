package dev.weft.identity.issue;

import dev.weft.pki.PemCertificates;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes leaf certificates. Thread-safe.
 *
 * <p>Source: facts/identity.md 7. Serial numbers are random instead of a counter, so that they stay
 * unique over restarts and replicas (RFC 5280, 4.1.2.2).
 */
public final class LeafSigner {
  private static final int SERIAL_BITS = 127;
  private static final int KEY_USAGE = KeyUsage.digitalSignature | KeyUsage.keyEncipherment;

  private final Duration lifetime;
  private final Duration clockSkew;
  private final Clock clock;
  private final RandomGenerator random;

  /**
   * @param lifetime how long a leaf is good from now, positive
   * @param clockSkew added at both ends for peers whose clocks differ, not negative
   */
  public LeafSigner(Duration lifetime, Duration clockSkew, Clock clock, RandomGenerator random) {
    if (!lifetime.isPositive() || clockSkew.isNegative()) {
      throw new IllegalArgumentException(
          "leaf lifetime %s with clock skew %s refused; cause: lifetime must be positive and skew not negative; fix: set weft.identity.issuance-lifetime=24H, weft.identity.clock-skew-allowance=20S"
              .formatted(lifetime, clockSkew));
    }
    this.lifetime = lifetime;
    this.clockSkew = clockSkew;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Certifies the key of a request under one DNS name. The rules for requests are checked before,
   * by the caller.
   *
   * @throws SignatureException if the key is not ECDSA or signing fails
   */
  public Leaf sign(Issuer issuer, CertificateRequest request, String identity)
      throws SignatureException {
    ECPublicKey key = request.ecdsaKey();
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant notAfter = now.plus(lifetime).plus(clockSkew);
    if (issuer.notAfter().isBefore(notAfter)) {
      notAfter = issuer.notAfter();
    }
    try {
      X500Name subject = request.subject();
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
              X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded()),
              serial(),
              Date.from(now.minus(clockSkew)),
              Date.from(notAfter),
              subject,
              SubjectPublicKeyInfo.getInstance(key.getEncoded()));
      // RFC 5280, 4.2.1.6: critical where there is no subject.
      boolean nameless = subject.getRDNs().length == 0;
      builder
          .addExtension(Extension.keyUsage, true, new KeyUsage(KEY_USAGE))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(
                  new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                  }))
          .addExtension(
              Extension.subjectAlternativeName,
              nameless,
              new GeneralNames(new GeneralName(GeneralName.dNSName, identity)));
      byte[] issuerKeyId =
          issuer.certificate().getExtensionValue(Extension.subjectKeyIdentifier.getId());
      if (issuerKeyId != null) {
        builder.addExtension(
            Extension.authorityKeyIdentifier,
            false,
            new AuthorityKeyIdentifier(
                SubjectKeyIdentifier.getInstance(
                        ASN1OctetString.getInstance(issuerKeyId).getOctets())
                    .getKeyIdentifier()));
      }
      byte[] der =
          builder
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.key()))
              .getEncoded();
      return new Leaf(identity, PemCertificates.ofDer(der), issuer.chain());
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new SignatureException("the issuer cannot sign: " + e.getMessage(), e);
    }
  }

  private BigInteger serial() {
    byte[] bytes = new byte[SERIAL_BITS / 8 + 1];
    random.nextBytes(bytes);
    bytes[0] &= 0x7f;
    return new BigInteger(1, bytes).max(BigInteger.ONE);
  }
}

package dev.weft.identity.issue;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/**
 * A PKCS#10 request (RFC 2986) as a workload sends it, in DER.
 *
 * <p>Source: facts/identity.md 5. Stricter than the contract in one point: the request's own
 * signature must be good, which proves that the sender holds the key. Every known client signs.
 */
public final class CertificateRequest {
  private final PKCS10CertificationRequest pkcs10;
  private final Optional<GeneralNames> alternativeNames;
  private final PublicKey publicKey;

  private CertificateRequest(
      PKCS10CertificationRequest pkcs10,
      Optional<GeneralNames> alternativeNames,
      PublicKey publicKey) {
    this.pkcs10 = pkcs10;
    this.alternativeNames = alternativeNames;
    this.publicKey = publicKey;
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException if the bytes are no PKCS#10 request in DER
   */
  public static CertificateRequest parse(byte[] der) {
    try {
      PKCS10CertificationRequest pkcs10 = new PKCS10CertificationRequest(der);
      Extensions extensions = pkcs10.getRequestedExtensions();
      Optional<GeneralNames> names =
          Optional.ofNullable(extensions)
              .map(e -> GeneralNames.fromExtensions(e, Extension.subjectAlternativeName));
      return new CertificateRequest(pkcs10, names, publicKey(pkcs10));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new IllegalArgumentException(
          "certificate signing request cannot be read; cause: %s; fix: send PKCS#10 in DER"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static PublicKey publicKey(PKCS10CertificationRequest pkcs10)
      throws IOException, GeneralSecurityException {
    byte[] encoded = pkcs10.getSubjectPublicKeyInfo().getEncoded();
    String algorithm = pkcs10.getSubjectPublicKeyInfo().getAlgorithm().getAlgorithm().getId();
    return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
  }

  /**
   * Checks that the request asks for exactly one name.
   *
   * @return what is wrong with it, empty if nothing is
   */
  Optional<String> violation(String identity) {
    GeneralName[] names = alternativeNames.map(GeneralNames::getNames).orElse(new GeneralName[0]);
    if (names.length != 1 || names[0].getTagNo() != GeneralName.dNSName) {
      return Optional.of(
          "the request must have exactly one subject alternative name, a DNS name, but has "
              + names.length
              + (names.length == 1 ? " of another kind" : ""));
    }
    String name = ((ASN1String) names[0].getName()).getString();
    if (!name.equals(identity)) {
      return Optional.of("the request is for '%s'".formatted(Printable.of(name)));
    }
    for (RDN rdn : pkcs10.getSubject().getRDNs()) {
      for (AttributeTypeAndValue attribute : rdn.getTypesAndValues()) {
        if (attribute.getType().equals(BCStyle.CN)) {
          String commonName =
              attribute.getValue() instanceof ASN1String text ? text.getString() : "?";
          if (!commonName.isEmpty() && !commonName.equals(identity)) {
            return Optional.of(
                "the request has the common name '%s'".formatted(Printable.of(commonName)));
          }
        }
      }
    }
    return signatureIsGood()
        ? Optional.empty()
        : Optional.of("the signature of the request does not verify with its public key");
  }

  private boolean signatureIsGood() {
    try {
      return pkcs10.isSignatureValid(new JcaContentVerifierProviderBuilder().build(publicKey));
    } catch (OperatorCreationException | PKCSException | RuntimeException _) {
      return false;
    }
  }

  /** The subject, any length. */
  X500Name subject() {
    return pkcs10.getSubject();
  }

  /**
   * The key to certify.
   *
   * @throws SignatureException if it is not an ECDSA key
   */
  ECPublicKey ecdsaKey() throws SignatureException {
    if (publicKey instanceof ECPublicKey key) {
      return key;
    }
    throw new SignatureException(
        "the key of the request is %s, not ECDSA".formatted(publicKey.getAlgorithm()));
  }
}

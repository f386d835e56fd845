package dev.weft.identity.standalone;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.weft.mesh.IdentityNames;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

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

  private static final Duration SKEW = Duration.ofSeconds(10);
  private static final int SERIAL_BITS = 127;

  static StandaloneKeys generate(Clock clock) throws IOException {
    try {
      SecureRandom random = new SecureRandom();
      String issuerName =
          "CN=identity."
              + IdentityNames.DEFAULT_CONTROL_PLANE_NAMESPACE
              + "."
              + IdentityNames.DEFAULT_TRUST_DOMAIN;
      X500Name rootSubject = new X500Name("CN=root.weft-standalone");
      KeyPair root = keyPair(random);
      KeyPair issuer = keyPair(random);
      Instant now = clock.instant();
      X509CertificateHolder rootCertificate =
          authority(rootSubject, root, rootSubject, root.getPublic(), 1, now, random);
      X509CertificateHolder issuerCertificate =
          authority(
              rootSubject, root, new X500Name(issuerName), issuer.getPublic(), 0, now, random);
      ECKey tokens =
          new ECKeyGenerator(Curve.P_256)
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.ES256)
              .keyIDFromThumbprint(true)
              .generate();
      return new StandaloneKeys(
          pem("CERTIFICATE", rootCertificate.getEncoded()),
          pem("CERTIFICATE", issuerCertificate.getEncoded()),
          pem("PRIVATE KEY", issuer.getPrivate().getEncoded()),
          new JWKSet(tokens.toPublicJWK()) + "\n",
          tokens.toJSONString() + "\n");
    } catch (GeneralSecurityException | OperatorCreationException | JOSEException e) {
      throw new IOException("keys of the standalone mesh cannot be made; cause: " + e, e);
    }
  }

  private static KeyPair keyPair(SecureRandom random) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private static X509CertificateHolder authority(
      X500Name signerName,
      KeyPair signer,
      X500Name subject,
      PublicKey key,
      int pathLength,
      Instant now,
      SecureRandom random)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
    return new JcaX509v3CertificateBuilder(
            signerName,
            new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
            Date.from(now.minus(SKEW)),
            Date.from(now.plus(LIFETIME)),
            subject,
            key)
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(pathLength))
        .addExtension(
            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
        .addExtension(Extension.subjectKeyIdentifier, false, utils.createSubjectKeyIdentifier(key))
        .addExtension(
            Extension.authorityKeyIdentifier,
            false,
            utils.createAuthorityKeyIdentifier(signer.getPublic()))
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()));
  }

  private static String pem(String type, byte[] der) throws IOException {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, der));
    }
    return text.toString();
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "StandaloneKeys[]";
  }
}

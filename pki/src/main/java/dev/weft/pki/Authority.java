package dev.weft.pki;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * A fresh certificate authority on P-256, signed with ECDSA and SHA-256, with its private key.
 * Immutable, thread-safe.
 *
 * <p>Source: facts/identity.md 3, 13.
 */
public final class Authority {
  /** Allowed for clocks that disagree, at both ends of the validity. */
  public static final Duration SKEW = Duration.ofSeconds(10);

  private static final int SERIAL_BITS = 127;

  private final X500Name name;
  private final KeyPair keys;
  private final X509Certificate certificate;

  private Authority(X500Name name, KeyPair keys, X509Certificate certificate) {
    this.name = name;
    this.keys = keys;
    this.certificate = certificate;
  }

  /**
   * Makes a root that signs itself.
   *
   * @param commonName its subject
   * @param pathLength how many authorities may stand between it and a leaf
   * @throws GeneralSecurityException if the platform cannot
   */
  public static Authority root(String commonName, int pathLength, Instant now, Duration lifetime)
      throws GeneralSecurityException {
    X500Name name = name(commonName);
    KeyPair keys = keyPair();
    return new Authority(
        name, keys, sign(name, keys, name, keys.getPublic(), pathLength, now, lifetime));
  }

  /**
   * Makes an authority below this one, which may sign leaves only.
   *
   * @param commonName its subject
   * @throws GeneralSecurityException if the platform cannot
   */
  public Authority below(String commonName, Instant now, Duration lifetime)
      throws GeneralSecurityException {
    X500Name subject = name(commonName);
    KeyPair fresh = keyPair();
    return new Authority(
        subject, fresh, sign(name, keys, subject, fresh.getPublic(), 0, now, lifetime));
  }

  /** The certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** The certificate as PEM. */
  public String certificatePem() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate just made cannot be encoded", e);
    }
  }

  /** The private key as PEM, PKCS#8. Never log it. */
  public String keyPem() {
    return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  private static KeyPair keyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static X509Certificate sign(
      X500Name signerName,
      KeyPair signer,
      X500Name subject,
      PublicKey key,
      int pathLength,
      Instant now,
      Duration lifetime)
      throws GeneralSecurityException {
    try {
      JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
      byte[] der =
          new JcaX509v3CertificateBuilder(
                  signerName,
                  new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE),
                  Date.from(now.minus(SKEW)),
                  Date.from(now.plus(lifetime).plus(SKEW)),
                  subject,
                  key)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(pathLength))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
              .addExtension(
                  Extension.subjectKeyIdentifier, false, utils.createSubjectKeyIdentifier(key))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  utils.createAuthorityKeyIdentifier(signer.getPublic()))
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))
              .getEncoded();
      return PemCertificates.ofDer(der);
    } catch (IOException | OperatorCreationException e) {
      throw new GeneralSecurityException("an authority cannot be made; cause: " + e, e);
    }
  }

  private static String pem(String type, byte[] der) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, der));
    } catch (IOException e) {
      throw new IllegalStateException("text in memory does not fail to be written", e);
    }
    return text.toString();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Authority[" + certificate.getSubjectX500Principal().getName() + "]";
  }
}

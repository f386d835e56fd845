package dev.weft.kit.webhook;

import dev.weft.kit.tls.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes serving certificates. Each comes with an authority of its own whose key is forgotten at
 * once, so that nothing is kept by which somebody could sign another.
 *
 * @param pair the serving certificate and its key
 * @param authority what signed it
 */
record SelfMade(Credentials pair, X509Certificate authority) {
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final int SERIAL_BITS = 127;

  /**
   * @param names DNS names and IP addresses, the first also as common name
   */
  static SelfMade make(List<String> names, Instant now, Duration lifetime, SecureRandom random) {
    try {
      Instant end = now.plus(lifetime);
      KeyPair authorityKeys = keys(random);
      X500Name authorityName = name(names.getFirst() + " authority " + now.getEpochSecond());
      JcaX509v3CertificateBuilder authority =
          builder(authorityName, authorityName, now, end, authorityKeys.getPublic(), random);
      authority.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      authority.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      X509Certificate root = sign(authority, authorityKeys.getPrivate());

      KeyPair keys = keys(random);
      JcaX509v3CertificateBuilder leaf =
          builder(authorityName, name(names.getFirst()), now, end, keys.getPublic(), random);
      leaf.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      leaf.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      leaf.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      leaf.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(root));
      leaf.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.stream().map(SelfMade::alternative).toArray(GeneralName[]::new)));
      X509Certificate certificate = sign(leaf, authorityKeys.getPrivate());
      return new SelfMade(new Credentials(keys.getPrivate(), List.of(certificate)), root);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("no certificate can be made; cause: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("no certificate can be made", e);
    }
  }

  private static KeyPair keys(SecureRandom random) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private static X500Name name(String common) {
    return new X500NameBuilder().addRDN(BCStyle.CN, common).build();
  }

  private static GeneralName alternative(String name) {
    boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer,
      X500Name subject,
      Instant now,
      Instant end,
      PublicKey key,
      SecureRandom random)
      throws GeneralSecurityException, IOException {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(SERIAL_BITS, random),
            Date.from(now.minus(SKEW)),
            Date.from(end),
            subject,
            key);
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
    return builder;
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
  }
}

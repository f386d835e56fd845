package dev.weft.kit.tls;

import dev.weft.pki.PemCertificates;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/** Certificates, keys and requests for tests, good and bad. */
public final class TestPki {
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private TestPki() {}

  /** A certificate with its key. */
  public record Pair(X509Certificate certificate, KeyPair keys) {
    public String certificatePem() {
      return pem("CERTIFICATE", encoded(certificate));
    }

    /** PKCS#8. */
    public String keyPem() {
      return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    /** SEC 1, for P-256. */
    public String keyPemSec1() {
      try {
        ECPrivateKey key = (ECPrivateKey) keys.getPrivate();
        return pem(
            "EC PRIVATE KEY",
            new org.bouncycastle.asn1.sec.ECPrivateKey(
                    256, key.getS(), SECObjectIdentifiers.secp256r1)
                .getEncoded());
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * How a certificate is made.
   *
   * @param from start of validity
   * @param until end of validity
   */
  public record Spec(
      String subject, Instant from, Instant until, boolean authority, KeyPurposeId... purposes) {
    /** An authority that is good from an hour ago for a year. */
    public static Spec authority(String subject) {
      Instant now = Instant.now();
      return new Spec(
          subject, now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(365)), true);
    }

    public Spec valid(Instant from, Instant until) {
      return new Spec(subject, from, until, authority, purposes);
    }

    public Spec notAuthority() {
      return new Spec(subject, from, until, false, purposes);
    }

    public Spec purposes(KeyPurposeId... purposes) {
      return new Spec(subject, from, until, authority, purposes);
    }
  }

  public static Pair root(String subject) {
    return root(Spec.authority(subject));
  }

  public static Pair root(Spec spec) {
    KeyPair keys = ec("secp256r1");
    return new Pair(certificate(spec, keys, null), keys);
  }

  public static Pair signed(Pair issuer, Spec spec) {
    return signed(issuer, spec, ec("secp256r1"));
  }

  public static Pair signed(Pair issuer, Spec spec, KeyPair keys) {
    return new Pair(certificate(spec, keys, issuer), keys);
  }

  /** A leaf with the given DNS names and a new P-256 key. */
  public static Pair leaf(Pair issuer, Spec spec, String... names) {
    return leaf(issuer, spec, ec("secp256r1"), names);
  }

  /** A leaf with the given DNS names; of the keys only the public one is needed. */
  public static Pair leaf(Pair issuer, Spec spec, KeyPair keys, String... names) {
    return new Pair(certificate(spec.notAuthority(), keys, issuer, dns(names)), keys);
  }

  public static KeyPair ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static KeyPair rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static GeneralName[] dns(String... names) {
    GeneralName[] all = new GeneralName[names.length];
    for (int i = 0; i < names.length; i++) {
      all[i] = new GeneralName(GeneralName.dNSName, names[i]);
    }
    return all;
  }

  /** A request in DER. */
  public static byte[] csr(KeyPair keys, String subject, GeneralName... names) {
    try {
      var builder =
          new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), keys.getPublic());
      if (names.length > 0) {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        builder.addAttribute(
            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      }
      return builder
          .build(new JcaContentSignerBuilder(algorithm(keys)).build(keys.getPrivate()))
          .getEncoded();
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a workload sends: CN and one DNS name, P-256. */
  public static byte[] workloadCsr(KeyPair keys, String identity) {
    return csr(keys, "CN=" + identity, dns(identity));
  }

  public static String pem(String type, byte[] der) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, der));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  private static X509Certificate certificate(
      Spec spec, KeyPair keys, @Nullable Pair issuer, GeneralName... names) {
    try {
      X500Name subject = new X500Name("CN=" + spec.subject());
      X500Name signerName =
          issuer == null
              ? subject
              : X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded());
      KeyPair signer = issuer == null ? keys : issuer.keys();
      var builder =
          new JcaX509v3CertificateBuilder(
              signerName,
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(spec.from()),
              Date.from(spec.until()),
              subject,
              keys.getPublic());
      if (spec.authority()) {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      }
      if (spec.purposes().length > 0) {
        builder.addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(spec.purposes()));
      }
      if (names.length > 0) {
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      }
      return PemCertificates.ofDer(
          builder
              .build(new JcaContentSignerBuilder(algorithm(signer)).build(signer.getPrivate()))
              .getEncoded());
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String algorithm(KeyPair keys) {
    return keys.getPublic().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

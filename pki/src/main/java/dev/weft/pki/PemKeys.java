package dev.weft.pki;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/**
 * Reads private keys from PEM text: SEC 1, PKCS#1 and PKCS#8, elliptic curve or RSA, not encrypted.
 */
public final class PemKeys {
  private static final byte[] PROBE = "weft key probe".getBytes(StandardCharsets.US_ASCII);

  private PemKeys() {}

  /**
   * The first private key of a text; {@code EC PARAMETERS} may stand before it.
   *
   * @throws IOException if there is none, or it cannot be read
   * @throws GeneralSecurityException if the JDK cannot use it
   */
  public static PrivateKey parse(String pem) throws IOException, GeneralSecurityException {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      Object block;
      while ((block = parser.readObject()) != null) {
        switch (block) {
          case PEMKeyPair pair -> {
            return jca(pair.getPrivateKeyInfo());
          }
          case PrivateKeyInfo info -> {
            return jca(info);
          }
          case ASN1ObjectIdentifier _ -> {}
          case X9ECParameters _ -> {}
          default ->
              throw new IOException(
                  "a PEM block is no private key but " + block.getClass().getSimpleName());
        }
      }
    } catch (RuntimeException e) {
      throw new IOException("not a private key: " + e.getMessage(), e);
    }
    throw new IOException("no PEM private key found");
  }

  /**
   * Whether a key is that of a certificate: signs with one and verifies with the other.
   *
   * @throws GeneralSecurityException if one of them can do neither ECDSA nor RSA
   */
  public static boolean matches(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
      return false;
    }
    Signature signer =
        Signature.getInstance(
            key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
    signer.initSign(key);
    signer.update(PROBE);
    byte[] signature = signer.sign();
    signer.initVerify(certificate.getPublicKey());
    signer.update(PROBE);
    return signer.verify(signature);
  }

  private static PrivateKey jca(PrivateKeyInfo info) throws IOException, GeneralSecurityException {
    boolean ec =
        info.getPrivateKeyAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey);
    return KeyFactory.getInstance(ec ? "EC" : "RSA")
        .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
  }
}

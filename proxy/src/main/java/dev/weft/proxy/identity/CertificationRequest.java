package dev.weft.proxy.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;

/**
 * Writes the PKCS#10 request (RFC 2986) of a workload: common name and one DNS name, both its
 * identity, signed by its P-256 key. Source: facts/identity.md section 11.
 */
final class CertificationRequest {
  private static final byte[] COMMON_NAME = Der.oid(2, 5, 4, 3);
  private static final byte[] SUBJECT_ALT_NAME = Der.oid(2, 5, 29, 17);
  private static final byte[] EXTENSION_REQUEST = Der.oid(1, 2, 840, 113549, 1, 9, 14);
  private static final byte[] ECDSA_WITH_SHA256 = Der.oid(1, 2, 840, 10045, 4, 3, 2);
  private static final int GENERAL_NAME_DNS = 2;

  private CertificationRequest() {}

  /**
   * The request in DER.
   *
   * @param key a P-256 pair
   * @param name ASCII, at most 253 characters
   * @throws GeneralSecurityException if the key cannot sign
   */
  static byte[] der(KeyPair key, String name) throws GeneralSecurityException {
    byte[] subject = Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.utf8(name))));
    byte[] names =
        Der.sequence(Der.context(GENERAL_NAME_DNS, name.getBytes(StandardCharsets.US_ASCII)));
    byte[] extensions = Der.sequence(Der.sequence(SUBJECT_ALT_NAME, Der.octets(names)));
    byte[] attributes =
        Der.contextConstructed(0, Der.sequence(EXTENSION_REQUEST, Der.set(extensions)));
    byte[] info =
        Der.sequence(Der.smallInteger(0), subject, key.getPublic().getEncoded(), attributes);
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key.getPrivate());
    signature.update(info);
    return Der.sequence(info, Der.sequence(ECDSA_WITH_SHA256), Der.bits(signature.sign()));
  }
}

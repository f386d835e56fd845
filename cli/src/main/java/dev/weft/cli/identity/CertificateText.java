package dev.weft.cli.identity;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.HexFormat;
import java.util.List;

/** A certificate for people. */
final class CertificateText {
  private static final List<String> KEY_USAGES =
      List.of(
          "digitalSignature",
          "nonRepudiation",
          "keyEncipherment",
          "dataEncipherment",
          "keyAgreement",
          "keyCertSign",
          "cRLSign",
          "encipherOnly",
          "decipherOnly");

  private CertificateText() {}

  static String of(X509Certificate certificate) throws GeneralSecurityException {
    StringBuilder text = new StringBuilder("Certificate:\n");
    line(text, "Version", String.valueOf(certificate.getVersion()));
    line(text, "Serial number", certificate.getSerialNumber().toString(16));
    line(text, "Signature algorithm", certificate.getSigAlgName());
    line(text, "Issuer", certificate.getIssuerX500Principal().getName());
    line(text, "Not before", certificate.getNotBefore().toInstant().toString());
    line(text, "Not after", certificate.getNotAfter().toInstant().toString());
    line(text, "Subject", certificate.getSubjectX500Principal().getName());
    line(text, "Public key", key(certificate));
    line(text, "Key usage", keyUsages(certificate));
    List<String> extended = certificate.getExtendedKeyUsage();
    if (extended != null) {
      line(
          text,
          "Extended key usage",
          String.join(", ", extended.stream().map(CertificateText::usage).toList()));
    }
    var names = certificate.getSubjectAlternativeNames();
    if (names != null) {
      names.forEach(name -> line(text, "Subject alternative name", String.valueOf(name.get(1))));
    }
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    line(text, "SHA-256", HexFormat.of().formatHex(digest));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("    ").append(name).append(": ").append(value).append('\n');
  }

  private static String key(X509Certificate certificate) {
    return certificate.getPublicKey() instanceof ECPublicKey ec
        ? "EC, " + ec.getParams().getCurve().getField().getFieldSize() + " bit"
        : certificate.getPublicKey().getAlgorithm();
  }

  private static String keyUsages(X509Certificate certificate) {
    boolean[] set = certificate.getKeyUsage();
    if (set == null) {
      return "any";
    }
    StringBuilder usages = new StringBuilder();
    for (int i = 0; i < KEY_USAGES.size() && i < set.length; i++) {
      if (set[i]) {
        usages.append(usages.isEmpty() ? "" : ", ").append(KEY_USAGES.get(i));
      }
    }
    return usages.toString();
  }

  private static String usage(String oid) {
    return switch (oid) {
      case "1.3.6.1.5.5.7.3.1" -> "serverAuth";
      case "1.3.6.1.5.5.7.3.2" -> "clientAuth";
      default -> oid;
    };
  }
}

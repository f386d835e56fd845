package dev.weft.pki;

import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the mesh demands of its authorities, as tables of what is wrong.
 *
 * <p>Source: facts/identity.md 13.
 */
public final class AuthorityRules {
  /** How long before its end a certificate is worth a warning. */
  public static final Duration SOON = Duration.ofDays(60);

  private static final int P256_BITS = 256;
  private static final Set<Integer> RSA_BITS = Set.of(2048, 4096);
  private static final Set<String> SIGNATURES = Set.of("sha256withecdsa", "sha256withrsa");

  private AuthorityRules() {}

  /** What is wrong with the algorithms of trust anchors. */
  public static List<String> anchorAlgorithms(List<X509Certificate> anchors) {
    return problems(
        anchors,
        anchor ->
            isP256(anchor) && signatureIs(anchor, SIGNATURES)
                ? null
                : anchor.getPublicKey() instanceof RSAPublicKey rsa
                        && RSA_BITS.contains(rsa.getModulus().bitLength())
                        && signatureIs(anchor, Set.of("sha256withrsa"))
                    ? null
                    : unsupported(anchor));
  }

  /** What is wrong with the algorithms of an issuer. */
  public static List<String> issuerAlgorithms(X509Certificate issuer) {
    return problems(
        List.of(issuer),
        certificate ->
            isP256(certificate) && signatureIs(certificate, SIGNATURES)
                ? null
                : unsupported(certificate));
  }

  /** Which certificates are not valid now. */
  public static List<String> validity(List<X509Certificate> certificates, Instant now) {
    return problems(
        certificates,
        certificate -> {
          Instant begin = certificate.getNotBefore().toInstant();
          Instant end = certificate.getNotAfter().toInstant();
          if (now.isBefore(begin)) {
            return "not valid before " + begin;
          }
          return now.isAfter(end) ? "expired at " + end : null;
        });
  }

  /** Which certificates end within {@link #SOON}. */
  public static List<String> expiringSoon(List<X509Certificate> certificates, Instant now) {
    return problems(
        certificates,
        certificate -> {
          Instant end = certificate.getNotAfter().toInstant();
          return now.plus(SOON).isAfter(end) ? "expires at " + end : null;
        });
  }

  @FunctionalInterface
  private interface Rule {
    @Nullable String problem(X509Certificate certificate);
  }

  private static List<String> problems(List<X509Certificate> certificates, Rule rule) {
    return certificates.stream()
        .flatMap(
            certificate ->
                Optional.ofNullable(rule.problem(certificate))
                    .map(problem -> name(certificate) + ": " + problem)
                    .stream())
        .toList();
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSerialNumber().toString(16)
        + " "
        + certificate.getSubjectX500Principal().getName();
  }

  private static boolean isP256(X509Certificate certificate) {
    return certificate.getPublicKey() instanceof ECPublicKey ec
        && ec.getParams().getCurve().getField().getFieldSize() == P256_BITS;
  }

  private static boolean signatureIs(X509Certificate certificate, Set<String> allowed) {
    return allowed.contains(certificate.getSigAlgName().toLowerCase(Locale.ROOT));
  }

  private static String unsupported(X509Certificate certificate) {
    String key =
        switch (certificate.getPublicKey()) {
          case ECPublicKey ec -> "EC " + ec.getParams().getCurve().getField().getFieldSize();
          case RSAPublicKey rsa -> "RSA " + rsa.getModulus().bitLength();
          default -> certificate.getPublicKey().getAlgorithm();
        };
    return Stream.of("key", key, "signed with", certificate.getSigAlgName())
        .reduce((a, b) -> a + " " + b)
        .orElseThrow();
  }
}

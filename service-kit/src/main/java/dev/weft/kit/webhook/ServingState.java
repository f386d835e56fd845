package dev.weft.kit.webhook;

import dev.weft.kit.tls.Credentials;
import dev.weft.pki.PemCertificates;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What replicas share: the certificate in use, the one that will follow it, and what the API server
 * is to trust meanwhile. It is kept in a Secret of type {@code kubernetes.io/tls}.
 *
 * @param current the pair that is served
 * @param next the pair that will be served once the API server surely trusts it
 * @param trusted the authorities to trust, the newest first
 * @param since when the last step was taken
 */
record ServingState(
    Credentials current, Optional<Credentials> next, List<X509Certificate> trusted, Instant since) {
  /** Annotation of the Secret: when the last step was taken. */
  static final String SINCE = "weft.dev/webhook-certificate-since";

  static final String CERTIFICATE = "tls.crt";
  static final String KEY = "tls.key";
  private static final String TRUSTED = "ca.crt";
  private static final String NEXT_CERTIFICATE = "next.crt";
  private static final String NEXT_KEY = "next.key";

  ServingState {
    trusted = List.copyOf(trusted);
  }

  /** The trusted authorities as the {@code caBundle} carries them. */
  String bundle() {
    return PemPairs.write(trusted);
  }

  /** The Secret's texts, before base64. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(CERTIFICATE, PemPairs.write(current.chain()));
    texts.put(KEY, PemPairs.write(current.key()));
    texts.put(TRUSTED, bundle());
    next.ifPresent(
        pair -> {
          texts.put(NEXT_CERTIFICATE, PemPairs.write(pair.chain()));
          texts.put(NEXT_KEY, PemPairs.write(pair.key()));
        });
    return texts;
  }

  /**
   * Reads the Secret's texts.
   *
   * @param since the value of the annotation {@link #SINCE}
   * @throws CertificateException if any part is missing or wrong, saying which
   */
  static ServingState read(Map<String, String> texts, @Nullable String since)
      throws CertificateException {
    if (since == null) {
      throw new CertificateException("it was not made by this service");
    }
    Optional<Credentials> next =
        texts.containsKey(NEXT_CERTIFICATE)
            ? Optional.of(
                PemPairs.read(
                    texts.getOrDefault(NEXT_CERTIFICATE, ""), texts.getOrDefault(NEXT_KEY, "")))
            : Optional.empty();
    try {
      return new ServingState(
          PemPairs.read(texts.getOrDefault(CERTIFICATE, ""), texts.getOrDefault(KEY, "")),
          next,
          PemCertificates.parse(texts.getOrDefault(TRUSTED, "")),
          Instant.parse(since));
    } catch (DateTimeException e) {
      throw new CertificateException("annotation " + SINCE + " is no instant", e);
    }
  }
}

package dev.weft.identity.issue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How the two issuer files of a Secret are named.
 *
 * <p>Source: facts/identity.md 3.
 */
public enum IssuerLayout {
  /** Scheme {@code linkerd.io/tls}. */
  LINKERD("crt.pem", "key.pem"),
  /** Scheme {@code kubernetes.io/tls}, as cert-manager writes it. */
  KUBERNETES("tls.crt", "tls.key");

  private final String certificateName;
  private final String keyName;

  IssuerLayout(String certificateName, String keyName) {
    this.certificateName = certificateName;
    this.keyName = keyName;
  }

  /**
   * The layout which a setting means: {@code linkerd.io/tls}; {@code auto}, which takes {@link
   * #LINKERD} where its certificate file exists; every other text means {@link #KUBERNETES}.
   */
  static IssuerLayout of(String scheme, Path directory) {
    return switch (scheme) {
      case "linkerd.io/tls" -> LINKERD;
      case "auto" ->
          Files.exists(LINKERD.certificate(directory))
                  || !Files.exists(KUBERNETES.certificate(directory))
              ? LINKERD
              : KUBERNETES;
      default -> KUBERNETES;
    };
  }

  Path certificate(Path directory) {
    return directory.resolve(certificateName);
  }

  Path key(Path directory) {
    return directory.resolve(keyName);
  }
}

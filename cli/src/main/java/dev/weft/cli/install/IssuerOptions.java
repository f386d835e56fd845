package dev.weft.cli.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.CliException;
import dev.weft.cli.TextSource;
import java.io.IOException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Files of trust anchors and issuer. */
final class IssuerOptions {
  static final String ANCHORS = "identityTrustAnchorsPEM";
  static final String CERTIFICATE = "identity.issuer.tls.crtPEM";
  static final String KEY = "identity.issuer.tls.keyPEM";

  @Option(
      names = "--identity-trust-anchors-file",
      paramLabel = "FILE",
      description = "PEM bundle of the roots which proxies trust.")
  private @Nullable String anchors;

  @Option(
      names = "--identity-issuer-certificate-file",
      paramLabel = "FILE",
      description = "PEM certificate of the issuer, then those above it.")
  private @Nullable String certificate;

  @Option(
      names = "--identity-issuer-key-file",
      paramLabel = "FILE",
      description = "PEM private key of the issuer.")
  private @Nullable String key;

  boolean any() {
    return anchors != null || certificate != null || key != null;
  }

  boolean anchorsGiven() {
    return anchors != null;
  }

  boolean issuerGiven() {
    return certificate != null || key != null;
  }

  /** All three are there, or none. */
  void requireAllOrNone() {
    long given =
        Stream.of(anchors == null, certificate == null, key == null).filter(n -> !n).count();
    if (given != 0 && given != 3) {
      throw new CliException(
          "certificates of identities cannot be used",
          given + " of 3 files are given",
          "give --identity-trust-anchors-file, --identity-issuer-certificate-file and --identity-issuer-key-file, or none of them");
    }
  }

  void applyTo(ObjectNode values) {
    put(values, ANCHORS, anchors);
    put(values, CERTIFICATE, certificate);
    put(values, KEY, key);
  }

  private static void put(ObjectNode values, String path, @Nullable String file) {
    if (file == null) {
      return;
    }
    try {
      ValueTree.put(values, path, TextSource.read(file));
    } catch (IOException e) {
      throw new CliException(
          file + " cannot be read", String.valueOf(e.getMessage()), "name a PEM file");
    }
  }
}

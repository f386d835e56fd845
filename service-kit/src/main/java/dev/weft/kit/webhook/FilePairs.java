package dev.weft.kit.webhook;

import dev.weft.kit.tls.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** A certificate in two files which somebody else renews. */
final class FilePairs implements PairSource {
  private final Path directory;
  private String certificates = "";
  private String key = "";
  private @Nullable Credentials read;

  FilePairs(Path directory) {
    this.directory = directory;
  }

  @Override
  public Credentials look() throws IOException, CertificateException {
    String newCertificates = Files.readString(directory.resolve(ServingState.CERTIFICATE));
    String newKey = Files.readString(directory.resolve(ServingState.KEY));
    Credentials pair = read;
    if (pair != null && newCertificates.equals(certificates) && newKey.equals(key)) {
      return pair;
    }
    Credentials fresh = PemPairs.read(newCertificates, newKey);
    certificates = newCertificates;
    key = newKey;
    read = fresh;
    return fresh;
  }
}

package dev.weft.injector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files which the injector reads, in a directory of the test. */
record InjectorFiles(Path directory) {
  static final String VALUES =
      """
      linkerdVersion: 0.1.0
      clusterNetworks: 10.0.0.0/8
      proxy:
        image: {name: weft.dev/proxy, version: ""}
        nativeSidecar: true
      """;

  static InjectorFiles create() {
    try {
      InjectorFiles files = new InjectorFiles(Files.createTempDirectory("weft-injector"));
      files.write(files.values(), VALUES);
      files.write(
          files.anchors(), "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path values() {
    return directory.resolve("values");
  }

  Path anchors() {
    return directory.resolve("ca-bundle.crt");
  }

  Path tls() {
    return directory.resolve("tls");
  }

  Path manifests() {
    return directory.resolve("manifests");
  }

  void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

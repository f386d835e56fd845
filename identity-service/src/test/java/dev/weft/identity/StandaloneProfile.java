package dev.weft.identity;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The service on a fresh standalone directory. */
public final class StandaloneProfile implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    try {
      Path directory = Files.createTempDirectory("weft-identity-test");
      return Map.of("weft.identity.standalone-directory", directory.resolve("mesh").toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

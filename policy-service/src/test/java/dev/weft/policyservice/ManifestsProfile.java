package dev.weft.policyservice;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The service on a directory that holds one pod and one Service. */
public final class ManifestsProfile implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    try {
      Path directory = Files.createTempDirectory("weft-policy-test");
      Files.writeString(directory.resolve("pod.yaml"), Manifests.POD);
      Files.writeString(directory.resolve("service.yaml"), Manifests.SERVICE);
      return Map.of(
          "weft.resources.directories", directory.toString(), "weft.policy.default-policy", "deny");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.weft.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds the distribution that the build packaged before these tests. */
final class Distributions {
  private Distributions() {}

  /** Its directory; the calling test is skipped, and says so, where it was not built. */
  static Path home() {
    Path home = Path.of("..", "cli", "target", "weft").toAbsolutePath().normalize();
    Assumptions.assumeTrue(
        Files.isExecutable(home.resolve("bin/weft")),
        "skipped: the distribution is not built; run make dist");
    return home;
  }
}

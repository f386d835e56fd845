package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.standalone.Distribution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo of the packaged distribution, as a user runs it. */
final class DemoTest {
  private static final long LIMIT_SECONDS = 240;

  @TempDir private Path directory;

  @Test
  void demo_everyClaimHolds() throws Exception {
    Path log = directory.resolve("demo.log");
    Process demo =
        new ProcessBuilder(new Distribution(Distributions.home()).weft("demo"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("the demo ends").isTrue();
      String story = Files.readString(log);
      System.out.println(story);
      assertThat(demo.exitValue()).as(story).isZero();
      assertThat(story).contains(" claims held, 0 did not");
    } finally {
      demo.destroy();
      demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
  }
}

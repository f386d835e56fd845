package dev.weft.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole image, of a program of one empty jar. Needs apt and dpkg with known packages. */
final class ImageBuilderTest {
  @TempDir private Path directory = Path.of(".");

  private String build(Path output) throws Exception {
    Recipe recipe =
        new Recipe(
            "small",
            "Nothing",
            false,
            List.of("java.base"),
            List.of(
                new Program(
                    "small",
                    List.of("target/small-*.jar"),
                    List.of("-Xmx8m"),
                    new Program.Start.MainClass("Small"),
                    new Program.Training.None())),
            Map.of("/usr/bin/small", "#!/usr/lib/weft/runtime/bin/java\n"),
            2103);
    ImageSettings settings =
        new ImageSettings(
            directory, output, "weft.dev", "1.0", Instant.EPOCH, "", "", /* trained= */ false);
    return new ImageBuilder(settings).build(List.of(recipe)).get("small");
  }

  private static boolean canUseApt() {
    try {
      Process process =
          new ProcessBuilder("apt-get", "-qq", "download", "--print-uris", "libc6").start();
      boolean known = process.getInputStream().readAllBytes().length > 0;
      return process.waitFor() == 0 && known;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void build_twiceFromNothing_givesTheSameDigest() throws Exception {
    Assumptions.assumeTrue(canUseApt(), "skipped: no apt-get that knows packages");
    Path target = Files.createDirectories(directory.resolve("target"));
    try (OutputStream out = Files.newOutputStream(target.resolve("small-1.jar"));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("empty"));
    }

    String first = build(directory.resolve("first"));
    String second = build(directory.resolve("second"));

    assertThat(second).isEqualTo(first);
    try (Stream<Path> files = Files.list(directory.resolve("first"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("small.tar", "small.cdx.json");
    }
  }
}

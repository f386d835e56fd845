package dev.weft.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.cli.Weft;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompletionCommandTest {
  @TempDir private Path directory;

  @Test
  void fish_knowsCommandsTheirSubcommandsAndOptions() {
    String script = Weft.run("completion", "fish").out();

    assertThat(script)
        .contains("-a 'check' -d 'Checks the cluster")
        .contains("__fish_seen_subcommand_from check' -l pre -d")
        .contains(
            "__fish_seen_subcommand_from diagnostics; and __fish_seen_subcommand_from endpoints' -s o -l output -r")
        .doesNotContain("demo-app");
  }

  @Test
  void bash_scriptIsReadByBashAndCompletes() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs /bin/bash");
    Path script =
        Files.writeString(
            directory.resolve("weft.bash"),
            Weft.run("completion", "bash").out()
                + "\nCOMP_WORDS=(weft che); COMP_CWORD=1; _complete_weft; echo \"${COMPREPLY[@]}\"\n");

    Process bash =
        new ProcessBuilder("/bin/bash", script.toString()).redirectErrorStream(true).start();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(bash.waitFor()).as(out).isZero();
    assertThat(out).contains("check");
  }

  @Test
  void unknownShell_isRefused() {
    Weft weft = Weft.run("completion", "tcsh");

    assertThat(weft.code()).isEqualTo(1);
    assertThat(weft.err()).contains("tcsh");
  }
}

package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class CliTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  private int weft(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  @Test
  void help_everyCommand_hasAnExample() {
    for (String command : Main.commandLine().getSubcommands().keySet()) {
      CommandLine sub = Main.commandLine().getSubcommands().get(command);
      if (!sub.getCommandSpec().usageMessage().hidden() && !command.equals("help")) {
        assertThat(sub.getUsageMessage())
            .as(command)
            .containsPattern("Examples?:\\s+(kubectl .*\\| )?weft ");
      }
    }
  }

  @Test
  void version_short_printsTheVersionAlone() {
    assertThat(weft("version", "--client", "--short")).isZero();
    assertThat(out.toString().strip()).isEqualTo(CliVersion.current());
  }

  @Test
  void unknownOption_isRefusedWithCode1AndUsage() {
    assertThat(weft("up", "--nonsense")).isEqualTo(1);
    assertThat(err.toString()).contains("--nonsense").contains("Usage: weft up");
  }

  @Test
  void run_noMesh_saysHowToStartOne() {
    System.setProperty("weft.home", directory.toString());
    try {
      int code = weft("run", "--state", directory.toString(), "--name", "web", "--", "true");

      assertThat(code).isEqualTo(1);
      assertThat(err.toString()).contains("no mesh runs").contains("cause:").contains("weft up");
    } finally {
      System.clearProperty("weft.home");
    }
  }

  @Test
  void run_badName_isRefusedBeforeAnythingStarts() {
    int code = weft("run", "--state", directory.toString(), "--name", "Web_1", "--", "true");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("--name Web_1 refused").contains("fix:");
  }

  @Test
  void up_unknownPolicy_namesTheChoices() {
    int code = weft("up", "--state", directory.toString(), "--default-policy", "maybe");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("maybe").contains("all-authenticated").contains("deny");
  }

  @Test
  void run_portOutOfRange_isRefused() {
    int code =
        weft(
            "run", "--state", directory.toString(), "--name", "a", "--port", "70000", "--", "true");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("70000").contains("65535");
  }
}

package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * {@code docs/cli.md} says what {@code --help} says; {@code -Dgolden.write=true} writes it anew.
 */
final class DocumentationTest {
  private static final Path PAGE = Path.of("../docs/cli.md");
  private static final String INTRODUCTION =
      """
      # The command line

      What `weft COMMAND --help` prints, for all commands. A test keeps this page and the program together.

      Manifests and data go to standard output, reports and warnings to standard error; commands that print manifests write nothing to the
      cluster. Exit codes: 0 done, 1 failed or wrongly called. Colours appear at a terminal only, and not with `NO_COLOR`.
      """;

  @Test
  void page_saysWhatTheCommandsSay() throws IOException {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    write(Main.commandLine(), page);

    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(page.toString());
  }

  private static void write(CommandLine command, StringBuilder page) {
    page.append("\n## ").append(command.getCommandSpec().qualifiedName()).append("\n\n");
    command
        .getUsageMessage(CommandLine.Help.Ansi.OFF)
        .stripTrailing()
        .lines()
        .forEach(line -> page.append(("    " + line).stripTrailing()).append('\n'));
    command.getSubcommands().values().stream()
        .distinct()
        .filter(sub -> !sub.getCommandSpec().usageMessage().hidden())
        .filter(sub -> !sub.getCommandName().equals("help"))
        .forEach(sub -> write(sub, page));
  }
}

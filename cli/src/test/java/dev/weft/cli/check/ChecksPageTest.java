package dev.weft.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.check.Check.Trait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code docs/checks.md} lists every check; {@code -Dgolden.write=true} writes it anew. */
final class ChecksPageTest {
  private static final Path PAGE = Path.of("../docs/checks.md");
  private static final String INTRODUCTION =
      """
      # What `weft check` checks

      Every failure names one of the headings below. *Fatal*: nothing after it can be judged, so the run ends. *Warning*: reported, and the
      exit code stays 0. *Retried*: tried again until it succeeds or `--wait` is over. A check that does not apply is not shown. A test keeps
      this page and the program together.

      Three things differ from the reference: the Gateway API may be absent, since Weft works without it; nobody is asked over the network
      for the newest release, which `--expected-version` names instead; and there is no heartbeat to check.
      """;

  @Test
  void page_listsEveryCheckWithItsRemedy() throws IOException {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    List<String> told = new ArrayList<>();
    for (Category category : Checklist.all()) {
      page.append("\n## %s\n\n%s.\n".formatted(category.id(), modes(category)));
      Map<String, List<Check>> byId = new LinkedHashMap<>();
      category.checks().forEach(c -> byId.computeIfAbsent(c.id(), _ -> new ArrayList<>()).add(c));
      byId.forEach((id, checks) -> write(page, id, checks, told));
    }

    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(page.toString());
  }

  /** A heading only where the id comes first, so that links lead to one place. */
  private static void write(StringBuilder page, String id, List<Check> checks, List<String> told) {
    boolean first = !told.contains(id);
    page.append(
        first
            ? "\n### " + id + "\n\n"
            : "\nAlso [" + id + "](#" + id.toLowerCase(Locale.ROOT) + "):\n\n");
    checks.forEach(
        check -> page.append("- ").append(check.description()).append(traits(check)).append('\n'));
    if (first) {
      told.add(id);
      page.append("\nRemedy: ").append(Remedies.all().get(id)).append(".\n");
    }
  }

  private static String traits(Check check) {
    List<String> words = new ArrayList<>();
    for (Trait trait : List.of(Trait.FATAL, Trait.WARNING, Trait.RETRIED)) {
      if (check.is(trait)) {
        words.add(trait.name().toLowerCase(Locale.ROOT));
      }
    }
    return words.isEmpty() ? "" : " (*" + String.join(", ", words) + "*)";
  }

  private static String modes(Category category) {
    List<String> modes = new ArrayList<>();
    for (CheckMode mode : CheckMode.values()) {
      if (category.modes().contains(mode)) {
        modes.add(
            mode == CheckMode.DEFAULT
                ? "`weft check`"
                : "`--" + mode.name().toLowerCase(Locale.ROOT) + "`");
      }
    }
    return "With " + String.join(", ", modes);
  }
}

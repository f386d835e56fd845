package dev.weft.cli.check;

import dev.weft.cli.Glyph;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * Checks as lines below the name of their category; in the short form only those which are not
 * well.
 */
final class TableReport implements CheckReport {
  private static final String CLEAR_LINE = "\r\u001b[K";
  private static final String INDENT = "    ";

  private final PrintWriter out;
  private final boolean terminal;
  private final boolean brief;
  private @Nullable Category shown;

  /**
   * @param terminal whether a person watches: colours, and a line that comes and goes while waiting
   */
  TableReport(PrintWriter out, boolean terminal, boolean brief) {
    this.out = out;
    this.terminal = terminal;
    this.brief = brief;
  }

  @Override
  public void waiting(Check check, String reason) {
    if (terminal) {
      String why = check.is(Check.Trait.SURFACED) ? reason.lines().findFirst().orElse("") : "";
      out.print(CLEAR_LINE + "… " + (why.isEmpty() ? "waiting until " + check.description() : why));
      out.flush();
    }
  }

  @Override
  public void found(Category category, Check check, Result result) {
    if (terminal) {
      out.print(CLEAR_LINE);
    }
    Verdict verdict = Verdict.of(check, result);
    boolean well = verdict.level() == Verdict.Level.SUCCESS;
    if (result instanceof Result.Skipped || (brief && well)) {
      return;
    }
    heading(category);
    out.println(glyph(verdict.level()).shown(terminal) + " " + check.description());
    verdict.text().forEach(line -> out.println(INDENT + line));
    if (!well) {
      out.println(INDENT + "hint: " + Remedies.hint(check.id()));
    }
    out.flush();
  }

  private void heading(Category category) {
    if (category.equals(shown)) {
      return;
    }
    if (shown != null) {
      out.println();
    }
    out.println(category.id());
    out.println("-".repeat(category.id().length()));
    shown = category;
  }

  @Override
  public void end(boolean good) {
    if (shown != null) {
      out.println();
    }
    out.println("Status: " + (good ? Glyph.OK : Glyph.FAILED).shown(terminal));
    out.flush();
  }

  private static Glyph glyph(Verdict.Level level) {
    return switch (level) {
      case SUCCESS -> Glyph.OK;
      case WARNING -> Glyph.WARNING;
      case ERROR -> Glyph.FAILED;
    };
  }
}

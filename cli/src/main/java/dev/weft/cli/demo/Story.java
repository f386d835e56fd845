package dev.weft.cli.demo;

import java.io.PrintWriter;

/** Prints what happens, and remembers whether everything that was claimed held. */
final class Story {
  private final PrintWriter out;
  private int held;
  private int broken;

  Story(PrintWriter out) {
    this.out = out;
  }

  /** A heading. */
  void chapter(String title) {
    out.printf("%n%s%n", title);
    out.flush();
  }

  /** A line that claims nothing. */
  void tell(String line) {
    out.println("    " + line);
    out.flush();
  }

  /** A claim with its evidence. */
  void check(boolean holds, String claim, String evidence) {
    if (holds) {
      held++;
    } else {
      broken++;
    }
    out.printf("  %s %s%n", holds ? "√" : "×", claim);
    if (!evidence.isEmpty()) {
      out.println("    " + evidence.strip().replace("\n", "\n    "));
    }
    out.flush();
  }

  int held() {
    return held;
  }

  int broken() {
    return broken;
  }
}

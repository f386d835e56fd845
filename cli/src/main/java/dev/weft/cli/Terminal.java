package dev.weft.cli;

import java.io.Console;

/** Whether a person watches. */
public final class Terminal {
  private Terminal() {}

  /** Whether colours are welcome: output goes to a terminal, and {@code NO_COLOR} is not set. */
  public static boolean coloured() {
    Console console = System.console();
    return console != null && console.isTerminal() && System.getenv("NO_COLOR") == null;
  }
}

package dev.weft.e2e.walk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of the getting-started page: its fenced blocks that open with {@code sh step=NAME}.
 * A block is handed out by its name, so a command cannot be on the page without being run.
 */
final class GettingStarted {
  private static final Pattern BLOCK =
      Pattern.compile("^```sh step=([a-z-]+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  private final Map<String, String> steps;
  private final Set<String> notTaken;

  private GettingStarted(Map<String, String> steps) {
    this.steps = steps;
    this.notTaken = new LinkedHashSet<>(steps.keySet());
  }

  /**
   * Reads the page.
   *
   * @throws IOException if it cannot be read
   */
  static GettingStarted read(Path page) throws IOException {
    Map<String, String> steps = new LinkedHashMap<>();
    Matcher block = BLOCK.matcher(Files.readString(page));
    while (block.find()) {
      if (steps.put(block.group(1), block.group(2)) != null) {
        throw new AssertionError("two steps are called " + block.group(1) + " in " + page);
      }
    }
    return new GettingStarted(steps);
  }

  /** The commands of a step, which must be on the page. */
  String take(String name) {
    String commands = steps.get(name);
    if (commands == null) {
      throw new AssertionError("the page has no step " + name + ", only " + steps.keySet());
    }
    notTaken.remove(name);
    return commands;
  }

  /** Steps nobody has asked for yet. */
  Set<String> notTaken() {
    return notTaken;
  }
}

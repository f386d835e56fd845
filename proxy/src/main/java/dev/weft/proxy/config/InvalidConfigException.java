package dev.weft.proxy.config;

import java.util.List;

/** The environment cannot be used as it is. Carries every problem, not only the first. */
public final class InvalidConfigException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  /** An exception with these problems, each a sentence with cause and fix. */
  public InvalidConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence per problem, in the order of reading. */
  public List<String> problems() {
    return problems;
  }
}

package dev.weft.proxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads variables one by one and collects what is wrong with them, so that a user sees all problems
 * at once. Used by one thread.
 */
final class Environment {
  /** The prefix of the contract's names. */
  static final String PREFIX = "LINKERD2_PROXY_";

  /** How much of a refused value is shown. */
  private static final int MAX_SHOWN_CHARS = 80;

  private final Map<String, String> values;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  Environment(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * Turns a value into something typed.
   *
   * @param <T> the type
   */
  @FunctionalInterface
  interface Grammar<T> {
    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException saying what was expected
     */
    @Nullable T read(String value);
  }

  /** The value as it is, null if the variable is not set. Names are whole. */
  @Nullable String raw(String name) {
    return values.get(name);
  }

  /** Whether the variable is set, be it to nothing. */
  boolean has(String suffix) {
    return values.containsKey(PREFIX + suffix);
  }

  /** A variable of the contract, {@code fallback} if it is not set or wrong. */
  <T> T get(String suffix, Grammar<T> grammar, T fallback) {
    T found = find(suffix, grammar);
    return found == null ? fallback : found;
  }

  /** A variable of the contract, null if it is not set or wrong. */
  <T> @Nullable T find(String suffix, Grammar<T> grammar) {
    return findWhole(PREFIX + suffix, grammar);
  }

  /** A variable by its whole name, null if it is not set or wrong. */
  <T> @Nullable T findWhole(String name, Grammar<T> grammar) {
    String value = values.get(name);
    if (value == null) {
      return null;
    }
    try {
      return grammar.read(value);
    } catch (IllegalArgumentException e) {
      problem(name + "='" + shortened(value) + "' refused; " + e.getMessage());
      return null;
    }
  }

  /** A variable of the contract that must be set; null, with a problem noted, if it is not. */
  <T> @Nullable T require(String suffix, Grammar<T> grammar) {
    if (!has(suffix)) {
      problem(PREFIX + suffix + " is not set; cause: the proxy cannot start without it");
      return null;
    }
    return find(suffix, grammar);
  }

  /** Notes what makes the start impossible. */
  void problem(String text) {
    problems.add(text);
  }

  /** Notes what is odd but no obstacle. */
  void warning(String text) {
    warnings.add(text);
  }

  List<String> problems() {
    return problems;
  }

  List<String> warnings() {
    return warnings;
  }

  private static String shortened(String value) {
    return value.length() <= MAX_SHOWN_CHARS ? value : value.substring(0, MAX_SHOWN_CHARS) + "…";
  }
}

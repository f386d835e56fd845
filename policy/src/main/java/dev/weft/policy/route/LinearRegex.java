package dev.weft.policy.route;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weft.policy.InvalidPolicyException;

/**
 * A regular expression that is matched in time linear in its input, whatever the input: policies
 * are trusted, the requests they are held against are not. Syntax is that of the RE2 family, which
 * the contract's dialect (Rust {@code regex}) shares except for set operations in classes; these
 * are refused instead of being read as something else. Pattern length, nesting and compiled size
 * are bounded. Immutable and safe for all threads.
 */
public final class LinearRegex {
  private final Pattern pattern;

  private LinearRegex(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Compiles a pattern.
   *
   * @throws InvalidPolicyException when it does not parse or is out of bounds
   */
  public static LinearRegex compile(String pattern) {
    RegexBounds.check(pattern);
    try {
      return new LinearRegex(Pattern.compile(pattern));
    } catch (PatternSyntaxException e) {
      throw new InvalidPolicyException(
          "regular expression '%s' rejected: %s".formatted(pattern, e.getDescription()), e);
    }
  }

  /**
   * Whether the match that begins first covers the whole input. Alternatives are tried in written
   * order, so {@code a|ab} does not span {@code ab}; this is what the contract asks for.
   */
  public boolean spans(CharSequence input) {
    var matcher = pattern.matcher(input);
    return matcher.lookingAt() && matcher.end() == input.length();
  }

  @Override
  public String toString() {
    return pattern.pattern();
  }
}

package dev.weft.policy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.policy.InvalidPolicyException;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearRegexTest {
  @Test
  void expression_coversWholeInput_spans() {
    assertThat(LinearRegex.compile("/items/[0-9]+").spans("/items/42")).isTrue();
    assertThat(LinearRegex.compile("/items/[0-9]+").spans("/items/42/x")).isFalse();
    assertThat(LinearRegex.compile("/items/[0-9]+").spans("/v1/items/42")).isFalse();
  }

  @Test
  void alternatives_firstIsShorter_doesNotSpan() {
    assertThat(LinearRegex.compile("a|ab").spans("ab")).isFalse();
    assertThat(LinearRegex.compile("ab|a").spans("ab")).isTrue();
  }

  @Test
  void expression_backtrackingBomb_isLinear() {
    LinearRegex regex = LinearRegex.compile("(a+)+(a+)+(a+)+b");
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertThat(regex.spans("a".repeat(20_000))).isFalse());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a{1000}){1000}",
        "((a{30}){30}){30}",
        "(",
        "a)",
        "[a",
        "*a",
        "a**",
        "(?<=a)b",
        "(a)\\1",
        "[a-z&&[aeiou]]",
        "[[a]b]",
        "[a--b]",
        "\\Qa\\E",
        "a{5,2}",
        "a{2000}"
      })
  void expression_invalidOrOutOfBounds_isRejectedWithItsText(String pattern) {
    assertThatThrownBy(() -> LinearRegex.compile(pattern))
        .isInstanceOf(InvalidPolicyException.class)
        .hasMessageContaining(pattern);
  }

  @Test
  void expression_deepOrLong_isRejected() {
    assertThatThrownBy(() -> LinearRegex.compile("(".repeat(300) + ")".repeat(300)))
        .isInstanceOf(InvalidPolicyException.class)
        .hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> LinearRegex.compile("a".repeat(5000)))
        .isInstanceOf(InvalidPolicyException.class)
        .hasMessageContaining("5000 chars");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", "[]a]", "[^]a]", "[[:alpha:]]+", "\\[\\{\\(",
            "a{b}",
        "(?i)abc", "\\pL+", "^/x$", "[a-]", "(?P<n>a)", ""
      })
  void expression_ordinary_isAccepted(String pattern) {
    assertThat(LinearRegex.compile(pattern)).hasToString(pattern);
  }

  @Property
  void anyText_isAcceptedOrRefusedByNamedError(
      @ForAll @StringLength(max = 40) @CharRange(from = '(', to = '}') String pattern) {
    try {
      LinearRegex.compile(pattern).spans(pattern);
    } catch (InvalidPolicyException e) {
      assertThat(e).hasMessageContaining("rejected");
    }
  }
}

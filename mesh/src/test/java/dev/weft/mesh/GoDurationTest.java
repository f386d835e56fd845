package dev.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations as Go writes them. */
class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "10s, PT10S",
    "1.5h, PT1H30M",
    "1m30s, PT1M30S",
    "300ms, PT0.3S",
    "-2s, PT-2S",
    "0, PT0S",
    "1us, PT0.000001S",
    ".5s, PT0.5S"
  })
  void duration_goSyntax_isRead(String text, Duration expected) {
    assertThat(GoDuration.parse(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1", "s", "1x", "1s ", "1s1", "--1s", "9999999999999h", "1.s.", "P1D"})
  void duration_other_isRefused(String text) {
    assertThat(GoDuration.parse(text)).isEmpty();
  }
}

package dev.weft.proxy.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenewalTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private final Renewal renewal = new Renewal(Duration.ofSeconds(10), Duration.ofHours(24));

  @ParameterizedTest
  @CsvSource({
    "PT24H20S, PT16H48M14S",
    "PT100S, PT70S",
    "PT14S, PT10S",
    "PT1S, PT10S",
    "PT0S, PT10S",
    "PT-5S, PT10S",
    "P100D, PT24H",
  })
  void pause_ofRemainingLife_isSeventyPercentWithinBounds(Duration left, Duration pause) {
    assertThat(renewal.pause(NOW.plus(left), NOW)).isEqualTo(pause);
  }

  @Test
  void pause_withoutCertificate_isTheShortest() {
    assertThat(renewal.pause(null, NOW)).isEqualTo(Duration.ofSeconds(10));
  }
}

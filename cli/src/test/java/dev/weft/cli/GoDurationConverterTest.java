package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class GoDurationConverterTest {
  @ParameterizedTest
  @CsvSource({"0,PT0S", "30s,PT30S", "5m,PT5M", "1h30m,PT1H30M", "1500ms,PT1.5S", "24h0m0s,PT24H"})
  void duration_isRead(String text, Duration expected) {
    assertThat(new GoDurationConverter().convert(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "m", "5 m", "5m x", "-5m", "1.5h"})
  void text_thatIsNoDuration_isRefused(String text) {
    assertThatThrownBy(() -> new GoDurationConverter().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }
}

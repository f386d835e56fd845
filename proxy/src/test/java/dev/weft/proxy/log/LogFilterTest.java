package dev.weft.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.proxy.config.LogConfig;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogFilterTest {

  @Test
  void parse_default_isWarnAndInfoForUs() {
    LogFilter filter = LogFilter.parse(LogConfig.DEFAULT_FILTER);

    assertThat(filter.root()).isEqualTo(Level.WARNING);
    assertThat(filter.directives())
        .contains(
            new LogFilter.Directive("dev.weft", Level.INFO),
            new LogFilter.Directive("hickory", Level.SEVERE));
  }

  @ParameterizedTest
  @CsvSource({
    "linkerd=debug, dev.weft",
    "weft=debug, dev.weft",
    "weft.identity=debug, dev.weft.proxy.identity",
    "linkerd::control=debug, dev.weft.proxy.control",
    "io.grpc=debug, io.grpc",
    "'linkerd[http{v=1.x}]=debug', dev.weft",
  })
  void parse_target_isALogger(String text, String logger) {
    assertThat(LogFilter.parse(text).directives())
        .isEqualTo(List.of(new LogFilter.Directive(logger, Level.FINE)));
  }

  @ParameterizedTest
  @CsvSource({
    "off, OFF",
    "error, SEVERE",
    "warn, WARNING",
    "INFO, INFO",
    "debug, FINE",
    "trace, FINEST"
  })
  void parse_level_isTheRoots(String text, String level) {
    assertThat(LogFilter.parse(text).root()).isEqualTo(Level.parse(level));
  }

  @ParameterizedTest
  @ValueSource(strings = {"weft=loud", "=info", "we ft=info", "1=info"})
  void parse_nonsense_isRefused(String text) {
    assertThatThrownBy(() -> LogFilter.parse(text)).hasMessageContaining("refused");
  }
}

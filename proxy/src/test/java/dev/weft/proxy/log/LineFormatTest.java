package dev.weft.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LineFormatTest {

  @Test
  void plain_message_hasUptimeLevelAndTarget() {
    String line = new LineFormat(false, System.nanoTime()).format(message("ready"));

    assertThat(line).matches("\\[ +\\d+\\.\\d{6}s\\]  WARN identity\\.Certifier: ready\\R");
  }

  @Test
  void json_message_isOneObjectPerLine() {
    String line = new LineFormat(true, 0).format(message("say \"hi\"\nnow"));

    assertThat(line)
        .isEqualTo(
            "{\"timestamp\":\"2026-01-02T03:04:05Z\",\"level\":\"WARN\",\"fields\":{\"message\":"
                + "\"say \\\"hi\\\"\\nnow\"},\"target\":\"identity.Certifier\",\"spans\":[]}\n");
  }

  private static LogRecord message(String text) {
    LogRecord record = new LogRecord(Level.WARNING, text);
    record.setLoggerName("dev.weft.proxy.identity.Certifier");
    record.setInstant(Instant.parse("2026-01-02T03:04:05Z"));
    return record;
  }
}

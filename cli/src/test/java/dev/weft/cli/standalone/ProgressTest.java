package dev.weft.cli.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final Duration LONG = Duration.ofDays(1);

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  @Test
  void work_doneInAMoment_isNotToldOf() {
    try (Progress progress = Progress.of("web", "starting its proxy", LONG, lines::add)) {
      progress.step("waiting for its certificate");
      progress.ready();
    }
    assertThat(lines).isEmpty();
  }

  @Test
  void work_thatTakesLonger_isToldOfFromItsPresentStepOn() throws Exception {
    try (Progress progress = Progress.of("web", "starting its proxy", Duration.ZERO, lines::add)) {
      assertThat(line()).isEqualTo("web: starting its proxy ...");
      progress.step("waiting for its certificate");
      assertThat(line()).isEqualTo("web: waiting for its certificate ...");
      progress.ready();
      assertThat(line()).matches("web: ready after [0-9]+[.,][0-9] s");
    }
  }

  @Test
  void work_thatFailed_isNotSaidToBeReady() throws Exception {
    Progress progress = Progress.of("web", "starting its proxy", Duration.ZERO, lines::add);
    assertThat(line()).startsWith("web: starting");
    progress.close();
    progress.ready();
    assertThat(lines).isEmpty();
  }

  private String line() throws InterruptedException {
    return lines.poll(20, TimeUnit.SECONDS);
  }
}

package dev.weft.kit.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private static final String REVIEW =
      "{\"request\":{\"uid\":\"u\",\"kind\":{\"kind\":\"Pod\"},\"object\":{\"spec\":{}}}}";

  private final AtomicInteger judged = new AtomicInteger();

  private AdmissionVerdict judge(AdmissionRequest request) {
    assertThat(request.kind()).isEqualTo("Pod");
    judged.incrementAndGet();
    return AdmissionVerdict.patch("[]", java.util.List.of());
  }

  @Test
  void rehearsal_held_sendsReviewsThroughTheHandler() {
    int rounds = new Rehearsal(this::judge, REVIEW).hold();

    assertThat(rounds).isPositive();
    assertThat(judged).hasValue(rounds);
  }

  @Test
  void rehearsal_whoseHandlerFails_endsNonetheless() {
    Rehearsal failing =
        new Rehearsal(
            _ -> {
              judged.incrementAndGet();
              return AdmissionVerdict.deny("no");
            },
            REVIEW);

    assertThat(failing.hold()).isPositive();
  }

  @Test
  void rehearsal_none_takesNoTime() {
    assertThat(Rehearsal.NONE.hold()).isZero();
  }
}

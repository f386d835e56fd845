package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SplitTest {
  private static final int DRAWS = 10_000;

  private final Part a = new Part();
  private final Part b = new Part();
  private final Random random = new Random(7);

  @Test
  void weightedSplit_followsTheWeightsOfOpenBackends() {
    Split<Part, String> split = split(true, 1, 3);
    assertThat(share(split, a)).isBetween(0.23, 0.27);
    a.open = false;
    assertThat(share(split, b)).isEqualTo(1);
    b.open = false;
    assertThat(split.choose(random)).isNull();
  }

  @Test
  void weightZero_isNeverChosenBesideOthers() {
    Split<Part, String> split = split(true, 0, 1);
    assertThat(share(split, a)).isZero();
    b.open = false;
    assertThat(split.choose(random)).isNull();
  }

  @Test
  void orderedSplit_takesTheFirstOpenBackend() {
    Split<Part, String> split = split(false, 1, 1);
    assertThat(share(split, a)).isEqualTo(1);
    a.open = false;
    assertThat(share(split, b)).isEqualTo(1);
  }

  @Test
  void emptySplit_isNeverReady() {
    assertThat(new Split<Part, String>(List.of(), false).choose(random)).isNull();
  }

  private Split<Part, String> split(boolean weighted, long weightOfA, long weightOfB) {
    return new Split<>(
        List.of(new Split.Leg<>(a, "", weightOfA), new Split.Leg<>(b, "", weightOfB)), weighted);
  }

  private double share(Split<Part, String> split, Part part) {
    int chosen = 0;
    for (int i = 0; i < DRAWS; i++) {
      if (split.choose(random).backend() == part) {
        chosen++;
      }
    }
    return chosen / (double) DRAWS;
  }

  private static final class Part implements Split.Part {
    private boolean open = true;

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public boolean isReady() {
      return open;
    }
  }
}

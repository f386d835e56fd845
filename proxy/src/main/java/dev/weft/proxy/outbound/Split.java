package dev.weft.proxy.outbound;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How traffic of one rule is spread over backends; backends in failfast are left out. Immutable.
 *
 * <p>Source: facts/proxy.md 3.6.
 *
 * @param legs in order of preference, or with weights; empty is never ready
 * @param weighted whether weights decide rather than order
 */
record Split<B extends Split.Part, F>(List<Leg<B, F>> legs, boolean weighted) {
  /** A backend as a split sees it. */
  interface Part {
    /** Whether it takes traffic: false while in failfast. */
    boolean isOpen();

    /** Whether traffic need not wait there. */
    boolean isReady();
  }

  /**
   * A backend with its share.
   *
   * @param filters for what goes to it only
   * @param weight not negative
   */
  record Leg<B, F>(B backend, F filters, long weight) {}

  Split {
    legs = List.copyOf(legs);
  }

  /** The leg for the next request, or null when none is open. */
  @Nullable Leg<B, F> choose(RandomGenerator random) {
    if (legs.size() == 1) {
      Leg<B, F> only = legs.getFirst();
      return only.backend().isOpen() ? only : null;
    }
    return weighted ? byWeight(random) : firstOpen();
  }

  /** Whether any leg takes traffic at once. */
  boolean isReady() {
    for (Leg<B, F> leg : legs) {
      if (leg.backend().isReady()) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Leg<B, F> firstOpen() {
    for (Leg<B, F> leg : legs) {
      if (leg.backend().isOpen()) {
        return leg;
      }
    }
    return null;
  }

  private @Nullable Leg<B, F> byWeight(RandomGenerator random) {
    long total = 0;
    for (Leg<B, F> leg : legs) {
      if (leg.backend().isOpen()) {
        total += leg.weight();
      }
    }
    if (total == 0) {
      return null;
    }
    long drawn = random.nextLong(total);
    for (Leg<B, F> leg : legs) {
      if (leg.backend().isOpen()) {
        drawn -= leg.weight();
        if (drawn < 0) {
          return leg;
        }
      }
    }
    throw new AssertionError("the weights sum up to more than was drawn");
  }
}

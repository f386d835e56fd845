package dev.weft.proxy.balance;

import java.util.ArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The ready candidates of one balancer. A pick draws two different ones at random and takes the
 * less loaded (the first drawn on a tie), in constant time and without allocating; so do {@link
 * #ready} and {@link #unready}.
 *
 * <p>Not thread-safe: used by one event loop only.
 *
 * <p>Source: contract sheet of the proxy, section 3.8; Mitzenmacher, "The Power of Two Choices in
 * Randomized Load Balancing".
 */
public final class PowerOfTwoChoices<T> {
  private final ArrayList<Candidate<T>> ready = new ArrayList<>();
  private final RandomGenerator random;

  /** A balancer with nothing to pick from. */
  public PowerOfTwoChoices(RandomGenerator random) {
    this.random = random;
  }

  /** Lets {@code candidate} be picked from now on; no effect if it already may. */
  public void ready(Candidate<T> candidate) {
    if (candidate.slot == Candidate.ABSENT) {
      candidate.slot = ready.size();
      ready.add(candidate);
    }
  }

  /** Takes {@code candidate} out; no effect if it is out. What is pending there goes on. */
  public void unready(Candidate<T> candidate) {
    int slot = candidate.slot;
    if (slot == Candidate.ABSENT) {
      return;
    }
    if (slot >= ready.size() || ready.get(slot) != candidate) {
      throw new IllegalArgumentException("candidate belongs to another balancer");
    }
    candidate.slot = Candidate.ABSENT;
    Candidate<T> last = ready.removeLast();
    if (last != candidate) {
      ready.set(slot, last);
      last.slot = slot;
    }
  }

  /** How many may be picked. */
  public int readyCount() {
    return ready.size();
  }

  /** Hands every ready candidate to {@code visitor}, which must not change the balancer. */
  public void forEachReady(Consumer<Candidate<T>> visitor) {
    ready.forEach(visitor);
  }

  /** The candidate for the next request, or null when none is ready. */
  public @Nullable Candidate<T> pick(long nowNanos) {
    return pickAmong(ready.size(), nowNanos);
  }

  /**
   * The candidate for another attempt of a request which {@code failed} did not take; null when no
   * other one is ready.
   */
  public @Nullable Candidate<T> pickOther(Candidate<T> failed, long nowNanos) {
    if (!failed.isReady()) {
      return pick(nowNanos);
    }
    // With the failed one moved to the end, the others are a prefix to draw from.
    swap(failed.slot, ready.size() - 1);
    return pickAmong(ready.size() - 1, nowNanos);
  }

  private @Nullable Candidate<T> pickAmong(int count, long nowNanos) {
    if (count < 2) {
      return count == 0 ? null : ready.getFirst();
    }
    int first = random.nextInt(count);
    int second = random.nextInt(count - 1);
    if (second >= first) {
      second++;
    }
    return lessLoaded(ready.get(first), ready.get(second), nowNanos);
  }

  private Candidate<T> lessLoaded(Candidate<T> one, Candidate<T> other, long nowNanos) {
    return other.relativeLoad(nowNanos) < one.relativeLoad(nowNanos) ? other : one;
  }

  private void swap(int left, int right) {
    Candidate<T> moved = ready.get(left);
    Candidate<T> end = ready.get(right);
    ready.set(left, end);
    ready.set(right, moved);
    end.slot = left;
    moved.slot = right;
  }
}

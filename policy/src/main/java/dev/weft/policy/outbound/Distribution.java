package dev.weft.policy.outbound;

import java.util.List;

/**
 * How traffic of one rule is spread over backends.
 *
 * @param <F> the filters of its protocol
 */
public sealed interface Distribution<F> {
  /** No backend; the rule is never ready. */
  record Empty<F>() implements Distribution<F> {}

  /**
   * The first backend in order that is ready.
   *
   * @param backends at least one
   */
  record FirstAvailable<F>(List<RouteBackend<F>> backends) implements Distribution<F> {
    /** Copies the list, refuses an empty one. */
    public FirstAvailable {
      backends = List.copyOf(backends);
      requireSome(backends);
    }
  }

  /**
   * A ready backend by chance, in proportion to the weights of those that are ready.
   *
   * @param backends at least one; with two or more the weights do not sum to 0
   */
  record Random<F>(List<Weighted<F>> backends) implements Distribution<F> {
    /** Copies the list, refuses an empty one. */
    public Random {
      backends = List.copyOf(backends);
      requireSome(backends);
    }
  }

  /**
   * A backend with its share.
   *
   * @param backend the backend
   * @param weight its share, an unsigned 32-bit number; 0 is never chosen beside others
   */
  record Weighted<F>(RouteBackend<F> backend, long weight) {}

  /**
   * A backend as a rule uses it.
   *
   * @param backend the backend
   * @param filters applied in order, to what goes to this backend only
   */
  record RouteBackend<F>(Backend backend, List<F> filters) {
    /** Copies the list. */
    public RouteBackend {
      filters = List.copyOf(filters);
    }
  }

  /** To this one backend. */
  static <F> Distribution<F> to(Backend backend) {
    return new FirstAvailable<>(List.of(new RouteBackend<>(backend, List.of())));
  }

  private static void requireSome(List<?> backends) {
    if (backends.isEmpty()) {
      throw new IllegalArgumentException(
          "distribution refused; cause: no backends; fix: use the empty distribution");
    }
  }
}

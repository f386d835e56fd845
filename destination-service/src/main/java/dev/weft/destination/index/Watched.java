package dev.weft.destination.index;

import dev.weft.kit.watch.Published;

/**
 * What came of asking to watch something.
 *
 * @param <T> what is published
 */
public sealed interface Watched<T> {
  /**
   * It can be watched.
   *
   * @param published the newest answer, shared by all who asked the same
   */
  record Granted<T>(Published<T> published) implements Watched<T> {}

  /**
   * It cannot.
   *
   * @param reason the kind of reason
   * @param message the reason for people
   */
  record Refused<T>(Reason reason, String message) implements Watched<T> {}

  /** Why something cannot be watched. */
  enum Reason {
    /** It makes no sense to ask this. */
    INVALID,
    /** There is nothing of that name, for now. */
    NOT_FOUND,
    /** There are several. */
    AMBIGUOUS
  }
}

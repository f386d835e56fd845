package dev.weft.kit.events;

/**
 * Something operators and tools watch for.
 *
 * @param about the object it is told of, and whose namespace it lies in
 * @param reason one word in upper camel case; tools select by it
 * @param message one line for people
 */
public record ClusterEvent(EventSubject about, Severity severity, String reason, String message) {
  /** Whether somebody should look. */
  public enum Severity {
    /** All is well. */
    NORMAL,
    /** Somebody should look. */
    WARNING
  }

  /** An event of a thing that went well. */
  public static ClusterEvent normal(EventSubject about, String reason, String message) {
    return new ClusterEvent(about, Severity.NORMAL, reason, message);
  }

  /** An event that somebody should look at. */
  public static ClusterEvent warning(EventSubject about, String reason, String message) {
    return new ClusterEvent(about, Severity.WARNING, reason, message);
  }
}

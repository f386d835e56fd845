package dev.weft.mesh.resource;

/**
 * One observed condition of an object's status.
 *
 * @param type what is observed, as {@code Accepted}
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason one word why; may be empty
 * @param message a sentence why; may be empty
 * @param lastTransitionTime when the status last changed, as written; may be empty
 */
public record Condition(
    String type, String status, String reason, String message, String lastTransitionTime) {
  /** Whether this is the named condition and it holds. */
  public boolean holds(String wantedType) {
    return type.equals(wantedType) && status.equals("True");
  }
}

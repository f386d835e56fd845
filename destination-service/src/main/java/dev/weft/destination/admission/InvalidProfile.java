package dev.weft.destination.admission;

/** A ServiceProfile breaks a rule. */
final class InvalidProfile extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param cause what is wrong, naming the field
   * @param fix how to write it
   */
  InvalidProfile(String cause, String fix) {
    super(cause + "; fix: " + fix);
  }
}

package dev.weft.policyservice.admission;

/** An object breaks a rule. */
final class RefusedPolicy extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param cause what is wrong, naming the field
   * @param fix how to write it
   */
  RefusedPolicy(String cause, String fix) {
    super(cause + "; fix: " + fix);
  }
}

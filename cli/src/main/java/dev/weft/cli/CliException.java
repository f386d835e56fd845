package dev.weft.cli;

/**
 * A command cannot do what it was asked for, for a reason the user can act on. Printed as one block
 * without a stack trace; the process ends with code 1.
 */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param what what failed, with the values it failed on
   * @param cause why
   * @param fix what the reader can do
   */
  public CliException(String what, String cause, String fix) {
    super(what + "\n  cause: " + cause + "\n  fix:   " + fix);
  }
}

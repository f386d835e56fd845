package dev.weft.cli.check;

/** A check cannot go on, which is its failure. */
final class CheckFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason as of {@link Result.Failed}
   */
  CheckFailed(String reason) {
    super(reason);
  }
}

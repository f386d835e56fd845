package dev.weft.cli.kube;

/** The API server refused a request, or could not be asked. */
public final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** {@link #code()} when there was no answer at all. */
  public static final int NO_ANSWER = 0;

  private final int code;

  /**
   * @param code HTTP status, or {@link #NO_ANSWER}
   * @param message what failed and why
   */
  public ClusterException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** HTTP status of the refusal, or {@link #NO_ANSWER}. */
  public int code() {
    return code;
  }
}

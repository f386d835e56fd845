package dev.weft.injection;

/** A manifest asks for what cannot be; ends as {@link Outcome.Refused}. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RefusedException(String message) {
    super(message);
  }

  /** For an annotation: what it says, why that cannot be, how to write it. */
  static RefusedException annotation(String key, String value, String cause, String fix) {
    return new RefusedException(
        "annotation %s=%s refused; cause: %s; fix: write %s".formatted(key, value, cause, fix));
  }
}

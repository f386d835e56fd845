package dev.weft.injection;

/** The installation's values cannot be used; the message names the key. */
public final class ValuesException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  ValuesException(String message) {
    super(message);
  }
}

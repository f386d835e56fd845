package dev.weft.resources.decode;

/**
 * Text that is no document, or a document that is no object of its kind. The message says where in
 * the object, what was found and what was expected; the line is apart, since only files have one.
 */
public final class DecodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;

  /**
   * @param line where, from 1; 0 where unknown
   * @param message path, value found, value expected
   */
  public DecodeException(int line, String message) {
    super(message);
    this.line = line;
  }

  /** Where, from 1; 0 where unknown. */
  public int line() {
    return line;
  }
}

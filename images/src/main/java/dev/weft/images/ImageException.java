package dev.weft.images;

/** An image cannot be built; the message says what failed, why, and what to do. */
public final class ImageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ImageException(String what, String cause, String fix) {
    super(what + "; cause: " + cause + "; fix: " + fix);
  }
}

package dev.weft.helm;

/** A chart cannot be rendered with the values given; the message says which and how to mend it. */
public final class ChartException extends RuntimeException {
  ChartException(String message) {
    super(message);
  }

  ChartException(String message, Throwable cause) {
    super(message, cause);
  }
}

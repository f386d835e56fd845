package dev.weft.proxy.trace;

/** On which side of the proxy a request came. */
public enum Direction {
  INBOUND("inbound"),
  OUTBOUND("outbound");

  private final String label;

  Direction(String label) {
    this.label = label;
  }

  /** As the attribute {@code direction} says it. */
  String label() {
    return label;
  }
}

package dev.weft.proxy.http.http1;

/**
 * The bounds of an HTTP/1 connection.
 *
 * @param maxRequestLineBytes longest request or status line; beyond it 414 (requests)
 * @param maxHeadBytes longest head, and longest trailer section; beyond it 431 (requests)
 * @param maxFields most fields in a head or trailer section; beyond it 431 (requests)
 * @param maxInFlightBytes most bytes of one body delivered and not yet reported as consumed, give
 *     or take one read
 */
public record Http1Settings(
    int maxRequestLineBytes, int maxHeadBytes, int maxFields, int maxInFlightBytes) {
  /** 16 KiB line, 64 KiB head, 128 fields, 64 KiB under way. */
  public static final Http1Settings DEFAULT =
      new Http1Settings(16 * 1024, 64 * 1024, 128, 64 * 1024);

  public Http1Settings {
    requirePositive("maxRequestLineBytes", maxRequestLineBytes);
    requirePositive("maxHeadBytes", maxHeadBytes);
    requirePositive("maxFields", maxFields);
    requirePositive("maxInFlightBytes", maxInFlightBytes);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("HTTP/1 setting " + name + "=" + value + " is below 1");
    }
  }
}

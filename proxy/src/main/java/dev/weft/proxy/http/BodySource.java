package dev.weft.proxy.http;

/** The credit of the receiving half of an exchange. Runs on the connection's loop only. */
public interface BodySource {
  /**
   * Tells that {@code bytes} of what {@link BodyListener#onData} delivered are gone from memory, so
   * that the peer may send as many more. Every delivered byte must be reported once, unless the
   * exchange was reset; reporting after the end is harmless.
   */
  void consumed(int bytes);
}

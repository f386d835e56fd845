package dev.weft.proxy.http;

/** The protocol version a head was received with or is to be sent as. */
public enum HttpVersion {
  /** HTTP/1.0: no chunked coding, no informational responses, closed by default. */
  HTTP_1_0("HTTP/1.0"),
  /** HTTP/1.1. */
  HTTP_1_1("HTTP/1.1"),
  /** HTTP/2. */
  HTTP_2("HTTP/2.0");

  private final String text;

  HttpVersion(String text) {
    this.text = text;
  }

  /** The spelling used on the wire by HTTP/1 and in logs. */
  public String text() {
    return text;
  }

  /** Whether this is one of the two textual versions. */
  public boolean isHttp1() {
    return this != HTTP_2;
  }
}

package dev.weft.proxy.http;

/** What a client codec reports of one response. Called on the connection's loop only. */
public interface ResponseListener extends BodyListener {
  /** An informational response (1xx but 101); a final one follows. */
  void onInformational(ResponseHead head);

  /**
   * The final response.
   *
   * @param end whether it has no body and no trailers
   */
  void onResponse(ResponseHead head, boolean end);

  /**
   * The server agreed to an upgrade (101, or 2xx to CONNECT). From here on data are raw bytes, both
   * ways, each direction with its own end.
   */
  void onUpgrade(ResponseHead head);
}

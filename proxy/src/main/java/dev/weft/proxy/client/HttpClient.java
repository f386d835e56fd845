package dev.weft.proxy.client;

import dev.weft.proxy.forward.Forward;

/** Sends requests towards one address. Runs on its loop only. */
public interface HttpClient {
  /**
   * Sends a request as soon as there is a connection for it. Where none can be made it is reported
   * by {@link Forward#unsent} with BAD_GATEWAY or CONNECT_TIMEOUT; where too many wait, or too
   * long, it is refused with LOAD_SHED or FAIL_FAST.
   *
   * @param request not opened yet; may be over
   */
  void send(Forward request);

  /** Takes no further request; those under way finish, then all connections close. */
  void close();
}

package dev.weft.proxy.client;

import dev.weft.proxy.forward.Forward;

/** Sends requests towards one address. Runs on its loop only. */
public interface HttpClient {
  /**
   * Sends a request as soon as there is a connection for it, or refuses it: with BAD_GATEWAY or
   * CONNECT_TIMEOUT when none can be made, LOAD_SHED when too many wait.
   *
   * @param request not opened yet; may be over
   */
  void send(Forward request);

  /** Takes no further request; those under way finish, then all connections close. */
  void close();
}

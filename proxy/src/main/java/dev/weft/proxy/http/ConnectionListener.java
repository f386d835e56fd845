package dev.weft.proxy.http;

/** What a pool hears of a client connection. Called on the connection's loop only. */
public interface ConnectionListener {
  /** Ignores everything. */
  ConnectionListener NONE =
      new ConnectionListener() {
        @Override
        public void onClosed(ClientConnection connection, Reset reason) {}
      };

  /** The last exchange ended and the connection is still usable. */
  default void onIdle(ClientConnection connection) {}

  /** The peer (or {@link ClientConnection#drain}) allows no further exchange on this connection. */
  default void onDraining(ClientConnection connection) {}

  /** The peer's stream limit became known or changed. */
  default void onMaxConcurrentExchanges(ClientConnection connection, int limit) {}

  /** The connection is gone; called once. */
  void onClosed(ClientConnection connection, Reset reason);
}

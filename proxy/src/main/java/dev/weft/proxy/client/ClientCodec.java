package dev.weft.proxy.client;

import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ConnectionListener;

/** Makes the connecting side of one version of HTTP, to be added to a channel's pipeline. */
@FunctionalInterface
public interface ClientCodec {
  /** A codec for one new channel. */
  ClientConnection connection(ConnectionListener listener);
}

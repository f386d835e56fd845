package dev.weft.proxy.inbound;

import dev.weft.proxy.client.ClientCodec;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.ServerConnection;

/** Makes the HTTP connections of the inbound side. Thread-safe. */
interface Codecs {
  /** The accepting side, HTTP/1. */
  ServerConnection http1Server(ExchangeHandler handler);

  /** The accepting side, HTTP/2. */
  ServerConnection http2Server(ExchangeHandler handler);

  /** Towards the application, HTTP/1. */
  ClientCodec http1Client();

  /** Towards the application, HTTP/2 with prior knowledge. */
  ClientCodec http2Client();
}

package dev.weft.proxy.inbound;

import dev.weft.proxy.client.ClientCodec;
import dev.weft.proxy.config.InboundConfig;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.http.http1.Http1ClientConnection;
import dev.weft.proxy.http.http1.Http1ServerConnection;
import dev.weft.proxy.http.http1.Http1Settings;
import dev.weft.proxy.http.http2.Http2ClientConnection;
import dev.weft.proxy.http.http2.Http2ServerConnection;
import dev.weft.proxy.http.http2.Http2Settings;

/** The codecs of this proxy with the inbound settings. */
final class HttpCodecs implements Codecs {
  private final Http2Settings server;
  private final Http2Settings client;

  HttpCodecs(InboundConfig config) {
    server = config.path().http2Server().settings();
    client = config.path().http2Client();
  }

  @Override
  public ServerConnection http1Server(ExchangeHandler handler) {
    return new Http1ServerConnection(handler, Http1Settings.DEFAULT);
  }

  @Override
  public ServerConnection http2Server(ExchangeHandler handler) {
    return new Http2ServerConnection(server, handler);
  }

  @Override
  public ClientCodec http1Client() {
    return listener -> new Http1ClientConnection(Http1Settings.DEFAULT, listener);
  }

  @Override
  public ClientCodec http2Client() {
    return listener -> new Http2ClientConnection(client, listener);
  }
}

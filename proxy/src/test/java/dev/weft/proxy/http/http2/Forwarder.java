package dev.weft.proxy.http.http2;

import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ClientExchange;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ResponseListener;
import dev.weft.proxy.http.ServerExchange;
import io.netty.buffer.ByteBuf;
import java.util.function.Supplier;

/** The smallest proxy: every exchange goes to one upstream connection, credit passes through. */
final class Forwarder implements ExchangeHandler {
  private final Supplier<? extends ClientConnection> upstream;

  Forwarder(Supplier<? extends ClientConnection> upstream) {
    this.upstream = upstream;
  }

  @Override
  public RequestListener onRequest(RequestHead head, ServerExchange down, boolean end) {
    ClientExchange up = upstream.get().open(head, end, new Response(down));
    return new Request(up);
  }

  private record Request(ClientExchange up) implements RequestListener {
    @Override
    public void onData(ByteBuf data, boolean end) {
      up.data(data, end);
    }

    @Override
    public void onTrailers(HeaderBlock trailers) {
      up.trailers(trailers);
    }

    @Override
    public void onReset(Reset reason) {
      up.reset(reason);
    }

    @Override
    public void onWritten(int bytes) {
      up.consumed(bytes);
    }
  }

  private record Response(ServerExchange down) implements ResponseListener {
    @Override
    public void onInformational(ResponseHead head) {
      down.informational(head);
    }

    @Override
    public void onResponse(ResponseHead head, boolean end) {
      down.respond(head, end);
    }

    @Override
    public void onUpgrade(ResponseHead head) {
      down.upgrade(head);
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      down.data(data, end);
    }

    @Override
    public void onTrailers(HeaderBlock trailers) {
      down.trailers(trailers);
    }

    @Override
    public void onReset(Reset reason) {
      down.reset(reason);
    }

    @Override
    public void onWritten(int bytes) {
      down.consumed(bytes);
    }
  }
}

package dev.weft.proxy.inbound;

import dev.weft.proxy.config.SocketOptions;
import dev.weft.proxy.http.ClientExchange;
import dev.weft.proxy.http.ConnectionListener;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ResponseListener;
import dev.weft.proxy.http.http2.Http2ClientConnection;
import dev.weft.proxy.http.http2.Http2Settings;
import dev.weft.proxy.runtime.Loops;
import dev.weft.proxy.tcp.Sockets;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** One request without body over an HTTP/2 connection of its own, and its whole response. */
final class Http2Call implements ResponseListener {
  private final CompletableFuture<Http2Call> done = new CompletableFuture<>();
  private final StringBuilder body = new StringBuilder();
  private ClientExchange exchange;
  ResponseHead head;

  static CompletableFuture<Http2Call> send(
      Loops loops, InetSocketAddress address, RequestHead request) throws Exception {
    Http2ClientConnection connection =
        new Http2ClientConnection(Http2Settings.DEFAULT, ConnectionListener.NONE);
    Channel channel =
        new Bootstrap()
            .group(loops.workers().getFirst())
            .channel(loops.socketChannel())
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    Sockets.configure(channel, SocketOptions.DEFAULT);
                  }
                })
            .connect(address)
            .sync()
            .channel();
    Http2Call call = new Http2Call();
    channel
        .eventLoop()
        .execute(
            () -> {
              channel.pipeline().addLast(connection);
              call.exchange = connection.open(request, true, call);
            });
    return call.done.whenComplete(
        (_, _) -> {
          var _ = channel.close();
        });
  }

  String body() {
    return body.toString();
  }

  @Override
  public void onInformational(ResponseHead informational) {}

  @Override
  public void onResponse(ResponseHead response, boolean end) {
    head = response;
    if (end) {
      done.complete(this);
    }
  }

  @Override
  public void onUpgrade(ResponseHead response) {
    done.completeExceptionally(new AssertionError("not asked for an upgrade"));
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    body.append(data.toString(StandardCharsets.UTF_8));
    exchange.consumed(data.readableBytes());
    data.release();
    if (end) {
      done.complete(this);
    }
  }

  @Override
  public void onTrailers(HeaderBlock trailers) {
    done.complete(this);
  }

  @Override
  public void onReset(Reset reason) {
    done.completeExceptionally(new IllegalStateException(reason.toString()));
  }

  @Override
  public void onWritten(int bytes) {}
}

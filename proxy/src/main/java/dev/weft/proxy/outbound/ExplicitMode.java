package dev.weft.proxy.outbound;

import dev.weft.mesh.Authority;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.detect.Held;
import dev.weft.proxy.detect.Look;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beginning of a connection that was made to the proxy itself, whose client says where it wants
 * to go: by the absolute form of HTTP, CONNECT or SOCKS5. Ends with HTTP served for whatever target
 * each request names, with a connection like an intercepted one, or with a refusal. Runs on its
 * lane's loop only.
 */
final class ExplicitMode {
  private static final Logger LOG = LoggerFactory.getLogger(ExplicitMode.class);

  private final Lane lane;
  private final SocketChannel channel;
  private final OutboundConnection connection;

  ExplicitMode(Lane lane, SocketChannel channel, OutboundConnection connection) {
    this.lane = lane;
    this.channel = channel;
    this.connection = connection;
  }

  void begin() {
    Look<Opening> look =
        new Look<>(channel) {
          @Override
          public void decided(Opening opening) {
            opened(opening, held());
          }
        };
    look.begin(Opening::of, Opening.MAX_BYTES, timeout(), null);
  }

  private Duration timeout() {
    return lane.outbound().config().path().detectTimeout();
  }

  private void opened(Opening opening, Held held) {
    switch (opening) {
      case Opening.Http1() -> {
        connection.meter(own());
        connection.http1(new Requests(lane, new ExplicitTargets(lane)), "explicit", held);
      }
      case Opening.Http2() -> {
        connection.meter(own());
        connection.http2(new Requests(lane, new ExplicitTargets(lane)), "explicit", held);
      }
      case Opening.Connect(Authority authority) ->
          tunnel(
              authority,
              new Greeting(
                  Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\n\r\n", StandardCharsets.US_ASCII),
                  answer(502, "the target cannot be reached")),
              held,
              answer(502, "the target is unusable"));
      case Opening.Socks() -> {
        channel.writeAndFlush(SocksRequest.welcome());
        socks(held);
      }
      case Opening.SocksUnacceptable() ->
          refuse(
              SocksRequest.noAcceptableMethod(), "SOCKS5 client insists on authentication", held);
      case Opening.Bad(int status, String cause) -> refuse(answer(status, cause), cause, held);
    }
  }

  private void socks(Held greeting) {
    Look<SocksRequest> look =
        new Look<>(channel) {
          @Override
          public void decided(SocksRequest request) {
            switch (request) {
              case SocksRequest.Connect(Authority target) ->
                  tunnel(target, Greeting.socks(), held(), SocksRequest.Reply.NOT_ALLOWED.encode());
              case SocksRequest.Bad(SocksRequest.Reply reply, String cause) ->
                  refuse(reply.encode(), cause, held());
            }
          }
        };
    look.begin(SocksRequest::of, SocksRequest.MAX_BYTES, timeout(), null);
    greeting.proceed();
  }

  /** From here on the connection is like an intercepted one to the target. */
  private void tunnel(Authority authority, Greeting greeting, Held held, ByteBuf unusable) {
    Optional<Target> target = Targets.of(authority);
    boolean own =
        target.isPresent()
            && target.get() instanceof Target.Address(InetSocketAddress address)
            && lane.isOwn(address);
    if (target.isEmpty() || own || lane.isFull(target.get())) {
      greeting.release();
      String cause = target.isEmpty() ? "is no name" : own ? "is this proxy" : "is one too many";
      refuse(unusable, "target " + authority + " " + cause, held);
      return;
    }
    unusable.release();
    // What the client sent ahead stays in the prelude until the next handler is in place.
    connection.serve(target.get(), greeting, held);
  }

  private void refuse(ByteBuf answer, String cause, Held held) {
    LOG.info("client of the explicit mode refused conn={} cause={}", channel.id(), cause);
    lane.outbound().countTcpError(lane, own(), "unexpected");
    connection.end(answer, held);
  }

  /** The proxy's own address, which is all there is of a target so far. */
  private String own() {
    return Endpoint.text(channel.localAddress());
  }

  private ByteBuf answer(int status, String cause) {
    return Unpooled.copiedBuffer(
        "HTTP/1.1 "
            + status
            + " Refused\r\n"
            + (lane.outbound().verbose() ? "l5d-proxy-error: " + cause + "\r\n" : "")
            + "content-length: 0\r\nconnection: close\r\n\r\n",
        StandardCharsets.US_ASCII);
  }
}

package dev.weft.proxy.client;

import dev.weft.proxy.control.Endpoint.EndpointTls;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.tcp.DialException;
import dev.weft.proxy.tcp.Dialer;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerTls;
import dev.weft.proxy.transport.TransportHeader;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one {@link Destination}: TCP, mesh TLS that verifies the expected identity, transport
 * header; all within one time limit. Thread-safe; an attempt runs on its loop.
 *
 * <p>Source: facts/proxy.md 3.10 and 3.11.
 */
public final class DestinationConnector implements Connector {
  private final Destination destination;
  private final Dialer dialer;
  private final MeshTls tls;
  private final Duration timeout;
  private final Consumer<Channel> established;

  /**
   * A connector.
   *
   * @param timeout for everything together
   * @param established sees each channel whose session is about to begin, on its loop: for meters
   */
  public DestinationConnector(
      Destination destination,
      Dialer dialer,
      MeshTls tls,
      Duration timeout,
      Consumer<Channel> established) {
    this.destination = destination;
    this.dialer = dialer;
    this.tls = tls;
    this.timeout = timeout;
    this.established = established;
  }

  @Override
  public void connect(EventLoop loop, Listener listener) {
    new Attempt(loop, listener).begin();
  }

  private final class Attempt {
    private final EventLoop loop;
    private final Listener listener;
    private final Future<?> timer;
    private @Nullable Channel channel;
    private boolean over;

    Attempt(EventLoop loop, Listener listener) {
      this.loop = loop;
      this.listener = listener;
      this.timer = loop.schedule(this::timeUp, timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    void begin() {
      Future<Channel> dialled = dialer.dial(loop, destination.address());
      if (dialled.isDone()) {
        loop.execute(() -> dialled(dialled)); // listeners are never called from within connect
      } else {
        dialled.addListener(_ -> dialled(dialled));
      }
    }

    private void dialled(Future<Channel> dialled) {
      if (!dialled.isSuccess()) {
        Throwable cause = dialled.cause();
        boolean late = cause instanceof DialException e && e.kind() == DialException.Kind.TIMEOUT;
        fail(
            Refusal.of(
                late ? Refusal.Cause.CONNECT_TIMEOUT : Refusal.Cause.BAD_GATEWAY,
                String.valueOf(cause.getMessage())));
        return;
      }
      Channel connected = dialled.getNow();
      if (over) {
        connected.close();
        return;
      }
      channel = connected;
      EndpointTls meshed = destination.tls();
      if (meshed == null) {
        succeed(connected);
      } else {
        handshake(connected, meshed);
      }
    }

    private void handshake(Channel connected, EndpointTls meshed) {
      SslHandler handler =
          tls.clientHandler(
              connected.alloc(),
              meshed.serverName(),
              meshed.identity(),
              destination.header() != null);
      handler.setHandshakeTimeoutMillis(0); // the attempt's own timer covers it
      Hush hush = new Hush();
      connected.pipeline().addLast(handler, hush);
      handler
          .handshakeFuture()
          .addListener(
              done -> {
                if (done.isSuccess()) {
                  connected.pipeline().remove(hush);
                  agreed(connected);
                } else {
                  fail(
                      Refusal.of(
                          Refusal.Cause.BAD_GATEWAY,
                          "mesh TLS with "
                              + destination
                              + " failed; cause: "
                              + reason(done.cause())));
                }
              });
      connected.read(); // AUTO_READ is off; the handler reads on by itself until it is done
    }

    /** What is behind a failed handshake: the layers above only say that it failed. */
    private static String reason(Throwable failure) {
      Throwable deepest = failure;
      while (deepest.getCause() != null) {
        deepest = deepest.getCause();
      }
      return String.valueOf(deepest.getMessage());
    }

    private void agreed(Channel connected) {
      TransportHeader header = destination.header();
      if (header != null && PeerTls.of(connected).orElseThrow().transportNegotiated()) {
        connected.writeAndFlush(header.encode(connected.alloc()));
      }
      succeed(connected);
    }

    private void succeed(Channel connected) {
      if (over) {
        connected.close();
        return;
      }
      over = true;
      timer.cancel(false);
      established.accept(connected);
      listener.connected(connected);
    }

    private void timeUp() {
      String text =
          timeout.toMillis() % 1000 == 0 ? timeout.toSeconds() + "s" : timeout.toMillis() + "ms";
      fail(Refusal.of(Refusal.Cause.CONNECT_TIMEOUT, "connect timed out after " + text));
    }

    private void fail(Refusal refusal) {
      if (over) {
        return;
      }
      over = true;
      timer.cancel(false);
      if (channel != null) {
        channel.close();
      }
      listener.failed(refusal);
    }
  }

  /** Keeps quiet about a failing handshake, which its future tells. */
  private static final class Hush extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}

package dev.weft.proxy.inbound;

import dev.weft.mesh.IpAddr;
import dev.weft.proxy.config.InboundConfig;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.gateway.Gateway;
import dev.weft.proxy.runtime.Drain;
import dev.weft.proxy.runtime.ProxyContext;
import dev.weft.proxy.tcp.Dialer;
import dev.weft.proxy.tcp.OriginalDestination;
import dev.weft.proxy.tcp.Sockets;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inbound side of the proxy: accepts what is meant for the application beside it.
 *
 * <p>{@link #bind} and {@link #accept} are called by one thread, in this order; everything else
 * happens on the worker loops, each connection on one of them. The listener takes part in the drain
 * of the context: when that begins it closes, and connections finish as facts/proxy.md 1.8 says.
 */
public final class InboundProxy {
  private static final int DEFAULT_BACKLOG = 1_024;

  private final ProxyContext context;
  private final Destinations destinations;
  private final List<Worker> workers = new ArrayList<>();
  private @Nullable Channel listener;

  /** Where an accepted connection wanted to go. */
  @FunctionalInterface
  interface Destinations {
    InetSocketAddress of(SocketChannel channel) throws IOException;
  }

  /** An inbound side that does not listen yet, of a proxy that is no gateway. */
  public InboundProxy(ProxyContext context) {
    this(context, null);
  }

  /**
   * An inbound side that does not listen yet.
   *
   * @param gateway where connections for services go; null where this proxy is no gateway
   */
  public InboundProxy(ProxyContext context, @Nullable Gateway gateway) {
    this(
        context,
        gateway,
        channel -> OriginalDestination.of(channel, context.config().mode()),
        new HttpCodecs(context.config().inbound()),
        LoggerFactory.getLogger(InboundProxy.class));
  }

  InboundProxy(
      ProxyContext context,
      @Nullable Gateway gateway,
      Destinations destinations,
      Codecs codecs,
      Logger logger) {
    this.context = context;
    this.destinations = destinations;
    InboundMetrics metrics = new InboundMetrics(context.metrics());
    Dialer dialer =
        new Dialer(
            context.loops().socketChannel(),
            context.config().inbound().path().connect(),
            Dialer.LoopbackRule.ALLOWED);
    RateLimiters limiters = new RateLimiters(context.ticker());
    for (EventLoop loop : context.loops().workers()) {
      workers.add(new Worker(context, loop, metrics, dialer, codecs, limiters, gateway, logger));
    }
  }

  /**
   * Binds the listening socket; nothing is accepted yet.
   *
   * @throws IllegalStateException if the address cannot be bound, naming address and cause
   */
  public void bind() {
    InboundConfig config = context.config().inbound();
    int backlog = config.path().listenBacklog();
    ChannelFuture bound =
        new ServerBootstrap()
            .group(context.loops().workers().getFirst(), context.loops().workerGroup())
            .channel(context.loops().serverChannel())
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, backlog > 0 ? backlog : DEFAULT_BACKLOG)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(new Accepted())
            .bind(config.listenAddress())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IllegalStateException(
          "inbound listener on "
              + Endpoint.text(config.listenAddress())
              + " not bound; cause: "
              + bound.cause().getMessage()
              + "; fix: free the port or set LINKERD2_PROXY_INBOUND_LISTEN_ADDR",
          bound.cause());
    }
    Channel channel = bound.channel();
    listener = channel;
    Drain.Registration registration = context.drain().register(channel::close);
    channel.closeFuture().addListener(_ -> registration.close());
  }

  /** The address bound. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listening().localAddress();
  }

  /** Begins to accept. */
  public void accept() {
    context.admission().open(listening());
  }

  private Channel listening() {
    Channel bound = listener;
    if (bound == null) {
      throw new IllegalStateException("the inbound listener is not bound yet");
    }
    return bound;
  }

  /** Waits for an accepted connection to be ready, then sends it on its way. */
  private final class Accepted extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      Sockets.configure(channel, context.config().inbound().path().accept());
      channel.pipeline().addLast(new Start());
    }
  }

  private final class Start extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      SocketChannel channel = (SocketChannel) ctx.channel();
      channel.pipeline().remove(this);
      context.admission().accepted(channel);
      Worker worker = workers.get(context.loops().indexOf(channel.eventLoop()));
      if (channel.remoteAddress() == null) {
        channel.close();
        return;
      }
      InetSocketAddress client = OriginalDestination.unwrapped(channel.remoteAddress());
      InetSocketAddress destination;
      try {
        destination = destinations.of(channel);
      } catch (IOException e) {
        worker.log().refused(client, null, String.valueOf(e.getMessage()));
        channel.close();
        return;
      }
      if (!context.config().inbound().ips().isEmpty()
          && !context.config().inbound().ips().contains(IpAddr.of(destination.getAddress()))) {
        worker.metrics().tcpError(worker.shard(), destination, InboundMetrics.TcpError.UNEXPECTED);
        worker
            .log()
            .refused(client, destination, "connection refused; cause: not an address of ours");
        channel.close();
        return;
      }
      Arrival arrival = new Arrival(worker, channel, client, destination);
      if (destination.getPort() == address().getPort()) {
        arrival.direct();
      } else {
        arrival.intercepted();
      }
    }
  }
}

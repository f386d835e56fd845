package dev.weft.proxy.outbound;

import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.runtime.Drain;
import dev.weft.proxy.runtime.ProxyContext;
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
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outbound side: listens for the application's connections and carries them to where they lead.
 *
 * <p>Use: {@link #bind} at start, {@link #accept} once there is a certificate. Both are called by
 * one thread. Stops by the drain of the context.
 */
public final class OutboundProxy {
  private static final Logger LOG = LoggerFactory.getLogger(OutboundProxy.class);

  private final ProxyContext context;
  private final Outbound outbound;
  private final List<Lane> lanes;
  private final List<Channel> listeners = new ArrayList<>();

  /** Tells where an accepted connection wanted to go. */
  @FunctionalInterface
  interface Destinations {
    InetSocketAddress of(SocketChannel channel) throws IOException;
  }

  /** Nothing is bound yet. */
  public OutboundProxy(ProxyContext context) {
    this(
        context,
        channel -> OriginalDestination.of(channel, context.config().mode()),
        DnsServerAddressStreamProviders.platformDefault());
  }

  OutboundProxy(
      ProxyContext context, Destinations destinations, DnsServerAddressStreamProvider nameServers) {
    this.context = context;
    this.outbound =
        new Outbound(
            context,
            destinations,
            nameServers,
            context.config().outbound().ingressMode()
                ? Outbound.Strangers.REFUSED
                : Outbound.Strangers.EXTERNAL);
    List<Lane> made = new ArrayList<>();
    for (EventLoop loop : context.loops().workers()) {
      made.add(new Lane(outbound, loop));
    }
    this.lanes = List.copyOf(made);
  }

  /**
   * Binds the listeners; connections wait in the kernel.
   *
   * @throws IllegalStateException if an address cannot be bound
   */
  public void bind() {
    for (InetSocketAddress address : outbound.config().listenAddresses()) {
      ChannelFuture bound = bootstrap().bind(address).awaitUninterruptibly();
      if (!bound.isSuccess()) {
        throw new IllegalStateException(
            "outbound listener not bound to "
                + Endpoint.text(address)
                + "; cause: "
                + bound.cause().getMessage(),
            bound.cause());
      }
      Channel listener = bound.channel();
      listeners.add(listener);
      Drain.Registration registration = context.drain().register(listener::close);
      listener.closeFuture().addListener(_ -> registration.close());
    }
    outbound.listeningAt(addresses());
  }

  /** Begins to accept what waits and what comes. */
  public void accept() {
    for (Channel listener : listeners) {
      context.admission().open(listener);
      LOG.info("outbound listening address={}", listener.localAddress());
    }
  }

  /** Where it listens; with the real ports. */
  public List<InetSocketAddress> addresses() {
    return listeners.stream().map(l -> (InetSocketAddress) l.localAddress()).toList();
  }

  private ServerBootstrap bootstrap() {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(context.loops().workerGroup())
            .channel(context.loops().serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    Sockets.configure(channel, outbound.config().path().accept());
                    channel.pipeline().addLast(new Starter(lane(channel)));
                  }
                });
    int backlog = outbound.config().path().listenBacklog();
    if (backlog > 0) {
      bootstrap.option(ChannelOption.SO_BACKLOG, backlog);
    }
    return bootstrap;
  }

  private Lane lane(Channel channel) {
    return lanes.get(context.loops().indexOf(channel.eventLoop()));
  }

  /** Hands a connection over once it is active, then leaves. */
  private static final class Starter extends ChannelInboundHandlerAdapter {
    private final Lane lane;

    Starter(Lane lane) {
      this.lane = lane;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.pipeline().remove(this);
      lane.outbound().context().admission().accepted(ctx.channel());
      new OutboundConnection(lane, (SocketChannel) ctx.channel()).begin();
    }
  }
}

package dev.weft.proxy.outbound;

import dev.weft.mesh.IpAddr;
import dev.weft.proxy.client.ClientCodec;
import dev.weft.proxy.config.OutboundConfig;
import dev.weft.proxy.config.ProxyMode;
import dev.weft.proxy.control.Http2Params;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.http.http1.Http1ClientConnection;
import dev.weft.proxy.http.http1.Http1Settings;
import dev.weft.proxy.http.http2.Http2ClientConnection;
import dev.weft.proxy.http.http2.Http2Settings;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.runtime.ProxyContext;
import dev.weft.proxy.tcp.Dialer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** What all lanes of the outbound side share. Thread-safe. */
final class Outbound {
  private final ProxyContext context;
  private final OutboundProxy.Destinations destinations;
  private final DnsServerAddressStreamProvider nameServers;
  private final OutboundMetrics metrics;
  private final EndpointRoute route;
  private final NameSearch names;
  private final Dialer dialer;
  private final Strangers strangers;
  private volatile List<InetSocketAddress> own = List.of();

  /** What is done with names that the control plane does not know. */
  enum Strangers {
    /** They are looked for in DNS: the client can reach them anyway. */
    EXTERNAL,
    /** Nothing is sent there: others than the client of the connection choose the name. */
    REFUSED
  }

  Outbound(
      ProxyContext context,
      OutboundProxy.Destinations destinations,
      DnsServerAddressStreamProvider nameServers,
      Strangers strangers) {
    this.strangers = strangers;
    this.context = context;
    this.nameServers = nameServers;
    this.destinations = destinations;
    this.metrics = new OutboundMetrics(context.metrics());
    this.route = EndpointRoute.of(context.config().outbound(), context.config().inbound());
    this.names = NameSearch.of(context.config().control());
    this.dialer =
        new Dialer(
            context.loops().socketChannel(),
            config().path().connect(),
            explicit() ? Dialer.LoopbackRule.ALLOWED : Dialer.LoopbackRule.REFUSED);
  }

  /** Where an accepted connection wanted to go. */
  InetSocketAddress destination(SocketChannel channel) throws IOException {
    return destinations.of(channel);
  }

  /** Tells where the listeners are, once they are bound. */
  void listeningAt(List<InetSocketAddress> addresses) {
    own = List.copyOf(addresses);
  }

  /** Whether an address leads to one of the listeners themselves. */
  boolean isOwn(InetSocketAddress address) {
    for (InetSocketAddress listener : own) {
      if (listener.getPort() == address.getPort()
          && (listener.getAddress().equals(address.getAddress())
              || (listener.getAddress().isAnyLocalAddress() && isLocal(address)))) {
        return true;
      }
    }
    return false;
  }

  private boolean isLocal(InetSocketAddress address) {
    return address.getAddress().isLoopbackAddress()
        || address.getAddress().isAnyLocalAddress()
        || config().localIps().contains(IpAddr.of(address.getAddress()));
  }

  ProxyContext context() {
    return context;
  }

  OutboundConfig config() {
    return context.config().outbound();
  }

  OutboundMetrics metrics() {
    return metrics;
  }

  Strangers strangers() {
    return strangers;
  }

  EndpointRoute route() {
    return route;
  }

  NameSearch names() {
    return names;
  }

  Dialer dialer() {
    return dialer;
  }

  /** Whether the kernel is never asked for original destinations. */
  boolean explicit() {
    return context.config().mode() == ProxyMode.EXPLICIT;
  }

  /** Whether answers of the proxy say why. */
  boolean verbose() {
    return config().informationalHeaders();
  }

  HostNames hostNames(EventLoop loop) {
    return new HostNames(loop, context.loops().datagramChannel(), nameServers);
  }

  ClientCodec http1() {
    return listener -> new Http1ClientConnection(Http1Settings.DEFAULT, listener);
  }

  /** The codec for an endpoint: the proxy's settings, overridden by what discovery gave. */
  ClientCodec http2(Http2Params params) {
    Http2Settings settings = config().path().http2Client();
    int stream = params.streamWindowBytes();
    int connection = params.connectionWindowBytes();
    if (stream > 0 || connection > 0) {
      settings =
          settings.withWindows(
              stream > 0 ? stream : settings.streamWindowBytes(),
              connection > 0
                  ? Math.max(connection, Http2Settings.DEFAULT_STREAM_WINDOW_BYTES)
                  : settings.connectionWindowBytes());
    }
    if (params.adaptiveFlowControl()) {
      settings = settings.withGrowingWindows();
    }
    Http2Params.KeepAlive keepAlive = params.keepAlive();
    if (keepAlive != null) {
      settings =
          settings.withKeepAlive(keepAlive.interval(), keepAlive.timeout(), keepAlive.whileIdle());
    }
    Http2Settings used = settings;
    return listener -> new Http2ClientConnection(used, listener);
  }

  void countHttpError(Lane lane, Refusal refusal) {
    metrics.httpErrors.get(lane.shard(), Labels.of("error", refusal.cause().label())).increment();
  }

  void countTcpError(Lane lane, String target, String error) {
    metrics
        .tcpErrors
        .get(lane.shard(), OutboundMetrics.target(target).and("error", error))
        .increment();
  }
}

package dev.weft.proxy.control;

import dev.weft.mesh.IpAddr;
import dev.weft.proxy.config.ConnectConfig;
import dev.weft.proxy.config.ProxyConfig;
import dev.weft.proxy.config.ServiceAddress;
import dev.weft.proxy.runtime.Loops;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerId;
import io.grpc.ManagedChannel;
import io.grpc.netty.InternalNettyChannelBuilder;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens gRPC channels to services of the control plane: mesh TLS where the service has a name,
 * plaintext otherwise; sockets on the admin loop, calls answered on the control executor.
 * Thread-safe.
 *
 * <p>A service that went away quietly is noticed within {@link #PING_EVERY} and {@link
 * #PING_PATIENCE}: with mesh TLS by HTTP/2 pings, which the proxy before the service answers. A
 * service in plaintext is on this machine, where the kernel tells; its own server may not permit
 * pings.
 *
 * <p>Source: facts/proxy.md 1.6.
 */
public final class ControlChannels {
  /** Largest message accepted; a policy of hundreds of routes is some 100 KiB. */
  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);

  /** The shortest that the gRPC client grants. */
  private static final Duration PING_EVERY = Duration.ofSeconds(10);

  private static final Duration PING_PATIENCE = Duration.ofSeconds(10);
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int PROBE_IDLE_SECONDS = 10;
  private static final int PROBE_INTERVAL_SECONDS = 5;
  private static final int PROBES = 3;
  private static final int UNACKNOWLEDGED_MILLIS = 30_000;

  private final ProxyConfig config;
  private final Loops loops;
  private final MeshTls tls;
  private final EventExecutor executor;
  private final ServiceNames names;
  private final ControlMetrics metrics;

  /**
   * A source of channels.
   *
   * @param executor runs callbacks of calls; one thread, none of the workers
   * @param names resolves services that are named, not addressed
   * @param metrics counts what goes over the channels
   */
  public ControlChannels(
      ProxyConfig config,
      Loops loops,
      MeshTls tls,
      EventExecutor executor,
      ServiceNames names,
      ControlMetrics metrics) {
    this.config = config;
    this.loops = loops;
    this.tls = tls;
    this.executor = executor;
    this.names = names;
    this.metrics = metrics;
  }

  /** A channel to {@code service}, not yet connected. The caller shuts it down. */
  public ManagedChannel open(ControlService kind, ServiceAddress service) {
    return open(kind, service, false);
  }

  /**
   * The same, but no certificate is shown to the service, even if there is one: the one to ask when
   * the own certificate may have expired.
   */
  public ManagedChannel openAnonymous(ControlService kind, ServiceAddress service) {
    return open(kind, service, true);
  }

  private ManagedChannel open(ControlService kind, ServiceAddress service, boolean anonymous) {
    ConnectConfig connect = connect(service);
    ChannelMeter meter =
        new ChannelMeter(metrics.calls(service), metrics.balancer(kind, service), executor);
    NettyChannelBuilder builder = builder(kind, service, meter);
    InternalNettyChannelBuilder.setProtocolNegotiatorFactory(
        builder,
        (InternalProtocolNegotiator.ClientFactory) new Negotiators(service.identity(), anonymous));
    builder
        .overrideAuthority(service.authority().toString())
        .eventLoopGroup(loops.admin())
        .channelType(loops.socketChannel(), InetSocketAddress.class)
        .executor(executor)
        .offloadExecutor(executor)
        .intercept(meter)
        .disableRetry()
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .flowControlWindow(WINDOW_BYTES)
        .withOption(ChannelOption.TCP_NODELAY, true)
        .withOption(ChannelOption.SO_KEEPALIVE, true)
        .withOption(
            ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(connect.timeout().toMillis()));
    if (service.identity() != null) {
      builder
          .keepAliveTime(PING_EVERY.toSeconds(), TimeUnit.SECONDS)
          .keepAliveTimeout(PING_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    switch (loops.transport()) {
      case EPOLL ->
          builder
              .withOption(EpollChannelOption.TCP_KEEPIDLE, PROBE_IDLE_SECONDS)
              .withOption(EpollChannelOption.TCP_KEEPINTVL, PROBE_INTERVAL_SECONDS)
              .withOption(EpollChannelOption.TCP_KEEPCNT, PROBES)
              .withOption(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MILLIS);
      case IO_URING, NIO -> {}
    }
    ManagedChannel channel = builder.build();
    meter.follow(channel);
    return channel;
  }

  /** How a service is dialled: as an application if it is on this machine, else as a peer. */
  ConnectConfig connect(ServiceAddress service) {
    return service.loopback()
        ? config.inbound().path().connect()
        : config.outbound().path().connect();
  }

  private NettyChannelBuilder builder(
      ControlService kind, ServiceAddress service, ChannelMeter meter) {
    int port = service.authority().port();
    if (service.authority().ip().isPresent()) {
      IpAddr ip = service.authority().ip().get();
      return builder(new InetSocketAddress(ip.toInetAddress(), port), meter);
    }
    if (service.loopback()) {
      InetAddress loopback = IpAddr.parse("127.0.0.1").toInetAddress();
      return builder(new InetSocketAddress(loopback, port), meter);
    }
    return names.builder(kind, service.authority(), meter);
  }

  private static NettyChannelBuilder builder(InetSocketAddress address, ChannelMeter meter) {
    meter.found(Set.of(address));
    return NettyChannelBuilder.forAddress(address);
  }

  private final class Negotiators implements InternalProtocolNegotiator.ClientFactory {
    private final @Nullable PeerId identity;
    private final boolean anonymous;

    Negotiators(@Nullable PeerId identity, boolean anonymous) {
      this.anonymous = anonymous;
      this.identity = identity;
    }

    @Override
    public InternalProtocolNegotiator.ProtocolNegotiator newNegotiator() {
      return identity == null
          ? InternalProtocolNegotiators.plaintext()
          : new MeshNegotiator(tls, identity, anonymous, HANDSHAKE_TIMEOUT);
    }

    @Override
    public int getDefaultPort() {
      return 80;
    }
  }
}

package dev.weft.proxy.admin;

import dev.weft.proxy.config.DataPathConfig;
import dev.weft.proxy.detect.ClientHello;
import dev.weft.proxy.detect.HttpHint;
import dev.weft.proxy.detect.Prelude;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.http.http1.Http1ServerConnection;
import dev.weft.proxy.http.http1.Http1Settings;
import dev.weft.proxy.http.http2.Http2ServerConnection;
import dev.weft.proxy.http.http2.Http2Settings;
import dev.weft.proxy.runtime.Drain;
import dev.weft.proxy.runtime.ProxyContext;
import dev.weft.proxy.tcp.Sockets;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on the admin port, in plaintext and mesh TLS alike. Runs on the admin loop; {@link #bind}
 * and {@link #close} are called by the main thread.
 *
 * <p>Source: facts/proxy.md 1.7.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final Duration DETECT_TIMEOUT = Duration.ofSeconds(1);

  private final ProxyContext context;
  private final AdminApi api;
  private final Set<ServerConnection> connections = new HashSet<>();
  private @Nullable Channel listener;
  private @Nullable AdminGate gate;

  /** A server that is not yet bound. */
  public AdminServer(ProxyContext context, AdminApi api) {
    this.context = context;
    this.api = api;
  }

  /**
   * Binds and serves at once.
   *
   * @return the bound address
   * @throws IllegalStateException if the port cannot be bound
   */
  public InetSocketAddress bind() {
    InetSocketAddress address = context.config().admin().listenAddress();
    DataPathConfig path = context.config().inbound().path();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(context.loops().admin())
            .channel(context.loops().serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    Sockets.configure(channel, path.accept());
                    channel.pipeline().addLast(tlsPrelude(channel));
                  }
                });
    if (path.listenBacklog() > 0) {
      bootstrap.option(ChannelOption.SO_BACKLOG, path.listenBacklog());
    }
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IllegalStateException(
          "admin port "
              + address
              + " cannot be bound; cause: "
              + bound.cause()
              + "; fix: free it, or set LINKERD2_PROXY_ADMIN_LISTEN_ADDR",
          bound.cause());
    }
    Channel channel = bound.channel();
    listener = channel;
    InetSocketAddress local = (InetSocketAddress) channel.localAddress();
    gate =
        new AdminGate(
            context.control().inboundPolicies(), local.getPort(), context.loops().admin());
    Drain.Registration registration = context.drain().register(this::drain);
    channel.closeFuture().addListener(_ -> registration.close());
    channel.config().setAutoRead(true);
    return local;
  }

  private void drain() {
    Channel channel = listener;
    if (channel != null) {
      channel.close();
      channel.eventLoop().execute(() -> Set.copyOf(connections).forEach(ServerConnection::drain));
    }
  }

  /** Looks for mesh TLS addressed to us; TLS addressed to others is refused. */
  private Prelude<ClientHello> tlsPrelude(Channel channel) {
    return new Prelude<>(
        ClientHello::of, ClientHello.MAX_BYTES, DETECT_TIMEOUT, null, new TlsListener(channel));
  }

  private final class TlsListener implements Prelude.Listener<ClientHello> {
    private final Channel channel;

    TlsListener(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void decided(ClientHello hello) {
      switch (hello) {
        case ClientHello.NotTls _ -> channel.pipeline().addLast(httpPrelude(channel, false));
        case ClientHello.Named(String serverName) -> {
          boolean ours = serverName.equals(context.tls().localServerName());
          if (!ours || context.tls().credentials().isEmpty()) {
            LOG.debug("admin connection closed; cause: TLS for {}", serverName);
            channel.close();
            return;
          }
          SslHandler tls = context.tls().serverHandler(channel.alloc(), false);
          channel.pipeline().addLast(tls, httpPrelude(channel, true));
        }
      }
      proceed(channel);
    }

    @Override
    public void serverSpoke() {}

    @Override
    public void timedOut(boolean silent) {
      channel.close();
    }

    @Override
    public void closed(@Nullable Throwable cause) {
      channel.close();
    }
  }

  private Prelude<HttpHint> httpPrelude(Channel channel, boolean tls) {
    return new Prelude<>(
        HttpHint::of, HttpHint.MAX_BYTES, DETECT_TIMEOUT, null, new HttpListener(channel, tls));
  }

  private final class HttpListener implements Prelude.Listener<HttpHint> {
    private final Channel channel;
    private final boolean tls;

    HttpListener(Channel channel, boolean tls) {
      this.channel = channel;
      this.tls = tls;
    }

    @Override
    public void decided(HttpHint hint) {
      switch (hint) {
        case HTTP_1 ->
            serve(channel, new Http1ServerConnection(exchanges(), Http1Settings.DEFAULT));
        case HTTP_2 ->
            serve(channel, new Http2ServerConnection(Http2Settings.DEFAULT, exchanges()));
        case OTHER -> channel.close();
      }
    }

    @Override
    public void serverSpoke() {}

    /** A client that says nothing is taken to speak what clients of its kind speak. */
    @Override
    public void timedOut(boolean silent) {
      decided(tls ? HttpHint.HTTP_2 : HttpHint.HTTP_1);
    }

    @Override
    public void closed(@Nullable Throwable cause) {
      channel.close();
    }
  }

  private AdminExchanges exchanges() {
    AdminGate current = gate;
    if (current == null) {
      throw new IllegalStateException("the admin port is not bound");
    }
    return new AdminExchanges(api, current);
  }

  private void serve(Channel channel, ServerConnection connection) {
    connections.add(connection);
    channel.closeFuture().addListener(_ -> connections.remove(connection));
    channel.pipeline().addLast(connection);
    proceed(channel);
  }

  private static void proceed(Channel channel) {
    Prelude<?> prelude = channel.pipeline().get(Prelude.class);
    prelude.proceed();
  }

  /** Closes the port and forgets its policy. */
  @Override
  public void close() {
    if (listener != null) {
      listener.close();
    }
    if (gate != null) {
      gate.close();
    }
  }
}

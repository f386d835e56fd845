package dev.weft.proxy.admin;

import dev.weft.proxy.config.DataPathConfig;
import dev.weft.proxy.detect.ClientHello;
import dev.weft.proxy.detect.HttpHint;
import dev.weft.proxy.detect.Prelude;
import dev.weft.proxy.http.ExchangeHandler;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port for those who look after the proxy: HTTP/1 and HTTP/2, in plaintext and mesh TLS alike.
 * Runs on the admin loop; {@link #bind} and {@link #close} are called by the main thread.
 *
 * <p>Source: facts/proxy.md 1.7 and 5.1.
 */
public final class ManagementListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementListener.class);
  private static final Duration DETECT_TIMEOUT = Duration.ofSeconds(1);

  private final ProxyContext context;
  private final String name;
  private final InetSocketAddress address;
  private final String setting;
  private final Set<ServerConnection> connections = new HashSet<>();
  private @Nullable Channel listener;

  /** Set before the first connection is accepted. */
  private volatile @Nullable Supplier<ExchangeHandler> handlers;

  /**
   * A listener that is not yet bound.
   *
   * @param name for messages
   * @param setting the variable that says where it listens, for messages
   */
  public ManagementListener(
      ProxyContext context, String name, InetSocketAddress address, String setting) {
    this.context = context;
    this.name = name;
    this.address = address;
    this.setting = setting;
  }

  /**
   * Binds; connections wait in the kernel.
   *
   * @return the bound address
   * @throws IllegalStateException if the port cannot be bound
   */
  public InetSocketAddress bind() {
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
          name
              + " port "
              + address
              + " cannot be bound; cause: "
              + bound.cause()
              + "; fix: free it, or set "
              + setting,
          bound.cause());
    }
    Channel channel = bound.channel();
    listener = channel;
    Drain.Registration registration = context.drain().register(this::drain);
    channel.closeFuture().addListener(_ -> registration.close());
    return (InetSocketAddress) channel.localAddress();
  }

  /**
   * Serves what waits and what comes. Once, after {@link #bind}.
   *
   * @param newHandler makes what serves one connection; asked on the admin loop
   */
  public void serve(Supplier<ExchangeHandler> newHandler) {
    Channel channel = listener;
    if (channel == null) {
      throw new IllegalStateException("the " + name + " port is not bound");
    }
    handlers = newHandler;
    channel.config().setAutoRead(true);
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

  private ExchangeHandler handler() {
    Supplier<ExchangeHandler> known = handlers;
    if (known == null) {
      throw new IllegalStateException("the " + name + " port does not serve yet");
    }
    return known.get();
  }

  private final class TlsListener implements Prelude.Listener<ClientHello> {
    private final Channel channel;

    TlsListener(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void decided(ClientHello hello) {
      switch (hello) {
        case ClientHello.NotTls _ -> channel.pipeline().addLast(httpPrelude(false));
        case ClientHello.Named(String serverName) -> {
          boolean ours = serverName.equals(context.tls().localServerName());
          if (!ours || context.tls().credentials().isEmpty()) {
            LOG.debug("{} connection closed; cause: TLS for {}", name, serverName);
            channel.close();
            return;
          }
          SslHandler tls = context.tls().serverHandler(channel.alloc(), false);
          channel.pipeline().addLast(tls, httpPrelude(true));
        }
      }
      proceed(channel);
    }

    private Prelude<HttpHint> httpPrelude(boolean tls) {
      return new Prelude<>(
          HttpHint::of, HttpHint.MAX_BYTES, DETECT_TIMEOUT, null, new HttpListener(channel, tls));
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
        case HTTP_1 -> serve(channel, new Http1ServerConnection(handler(), Http1Settings.DEFAULT));
        case HTTP_2 -> serve(channel, new Http2ServerConnection(Http2Settings.DEFAULT, handler()));
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

  /** Closes the port. */
  @Override
  public void close() {
    if (listener != null) {
      listener.close();
    }
  }
}

package dev.weft.proxy.outbound;

import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.http.http1.Http1ServerConnection;
import dev.weft.proxy.http.http1.Http1Settings;
import dev.weft.proxy.http.http2.Http2ServerConnection;
import dev.weft.proxy.http.http2.Http2Settings;
import dev.weft.proxy.tcp.HalfClose;
import dev.weft.proxy.tls.MeshTls;
import dev.weft.proxy.tls.PeerTls;
import dev.weft.proxy.transport.TransportHeader;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * What connections are accepted by in place of another proxy, or of an application without one:
 * mesh TLS and transport header, then HTTP or an echo of raw bytes.
 */
final class MeshPeer implements AutoCloseable {
  /** What is spoken on a plaintext peer. */
  enum Plain {
    HTTP_1,
    HTTP_2,
    ECHO,
    /** Says hello at once, then echoes. */
    SPEAKS_FIRST
  }

  final BlockingQueue<TransportHeader> headers = new LinkedBlockingQueue<>();
  final BlockingQueue<PeerTls> peers = new LinkedBlockingQueue<>();
  final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listener;
  private final TestApp app;
  private final @Nullable MeshTls tls;
  private final Plain plain;

  private MeshPeer(InetSocketAddress address, TestApp app, @Nullable MeshTls tls, Plain plain) {
    this.app = app;
    this.tls = tls;
    this.plain = plain;
    this.listener =
        new ServerBootstrap()
            .group(Harness.PEER_LOOPS)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accepted(channel);
                  }
                })
            .bind(address)
            .syncUninterruptibly()
            .channel();
  }

  /** A meshed peer; opaque sessions are echoed. */
  static MeshPeer meshed(String host, TestApp app, MeshTls tls) {
    return new MeshPeer(new InetSocketAddress(host, 0), app, tls, Plain.ECHO);
  }

  /** A peer without a proxy. */
  static MeshPeer plain(InetSocketAddress address, TestApp app, Plain plain) {
    return new MeshPeer(address, app, null, plain);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  private void accepted(SocketChannel channel) {
    channels.add(channel);
    if (tls == null) {
      switch (plain) {
        case HTTP_1 -> http1(channel);
        case HTTP_2 -> http2(channel);
        case ECHO -> channel.pipeline().addLast(new EchoBytes(""));
        case SPEAKS_FIRST -> channel.pipeline().addLast(new EchoBytes("hello\n"));
      }
      return;
    }
    SslHandler handler = tls.serverHandler(channel.alloc(), true);
    channel.pipeline().addLast(handler, new Hush());
    handler
        .handshakeFuture()
        .addListener(
            done -> {
              if (done.isSuccess()) {
                peers.add(PeerTls.of(channel).orElseThrow());
                channel.pipeline().remove(Hush.class);
                channel.pipeline().addLast(new Header());
                channel.read();
              }
            });
    channel.eventLoop().execute(channel::read);
  }

  private void http1(Channel channel) {
    serve(channel, new Http1ServerConnection(app, Http1Settings.DEFAULT));
  }

  private void http2(Channel channel) {
    serve(channel, new Http2ServerConnection(Http2Settings.DEFAULT, app));
  }

  private void serve(Channel channel, ServerConnection connection) {
    connections.add(connection);
    channel.closeFuture().addListener(_ -> connections.remove(connection));
    channel.pipeline().addLast(connection);
  }

  /** Says goodbye on all connections, as an orderly restart does. */
  void drain() {
    for (ServerConnection connection : connections) {
      connection.channel().eventLoop().execute(connection::drain);
    }
  }

  /** Breaks everything off. */
  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    channels.close().syncUninterruptibly();
  }

  /** Keeps quiet about clients that refuse this peer. */
  private static final class Hush extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      var _ = ctx.close();
    }
  }

  /** Takes the transport header off, then hands over. */
  private final class Header extends ChannelInboundHandlerAdapter {
    private ByteBuf held = Unpooled.EMPTY_BUFFER;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
      held = Unpooled.wrappedBuffer(held, (ByteBuf) msg);
      TransportHeader header = TransportHeader.decode(held);
      if (header == null) {
        return;
      }
      headers.add(header);
      switch (header.session()) {
        case HTTP_1 -> http1(ctx.channel());
        case HTTP_2 -> http2(ctx.channel());
        case OPAQUE -> ctx.pipeline().addLast(new EchoBytes(""));
      }
      ByteBuf rest = held;
      held = Unpooled.EMPTY_BUFFER;
      ctx.pipeline().remove(this);
      if (rest.isReadable()) {
        ctx.fireChannelRead(rest);
        ctx.fireChannelReadComplete();
      } else {
        rest.release();
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.read();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      held.release();
    }
  }

  /** Sends back what comes, and the end of it. */
  private static final class EchoBytes extends ChannelInboundHandlerAdapter {
    private final String greeting;
    private boolean greeted;

    EchoBytes(String greeting) {
      this.greeting = greeting;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      if (ctx.channel().isActive()) {
        greet(ctx);
      }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      greet(ctx);
    }

    private void greet(ChannelHandlerContext ctx) {
      if (greeted) {
        return;
      }
      greeted = true;
      if (!greeting.isEmpty()) {
        var _ = ctx.writeAndFlush(Unpooled.copiedBuffer(greeting, StandardCharsets.US_ASCII));
      }
      ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      var _ = ctx.write(msg);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.flush();
      ctx.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (HalfClose.isInputEnd(event)) {
        var _ = HalfClose.shutdownOutput(ctx.channel());
      }
    }
  }
}

package dev.weft.proxy.tcp;

import dev.weft.proxy.config.SocketOptions;
import dev.weft.proxy.runtime.Loops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A blocking socket of a test joined with the channel that the proxy's loop accepted. */
final class SocketPair implements AutoCloseable {
  static final Loops LOOPS = Loops.start(Loops.defaultTransport(), 1);

  private final Socket socket;
  private final SocketChannel accepted;

  private SocketPair(Socket socket, SocketChannel accepted) {
    this.socket = socket;
    this.accepted = accepted;
  }

  static SocketPair open() throws Exception {
    return open("127.0.0.1");
  }

  static SocketPair open(String address) throws Exception {
    EventLoop loop = LOOPS.workers().getFirst();
    CompletableFuture<SocketChannel> accepted = new CompletableFuture<>();
    Channel listener =
        new ServerBootstrap()
            .group(loop, loop)
            .channel(LOOPS.serverChannel())
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    Sockets.configure(channel, SocketOptions.DEFAULT);
                    accepted.complete(channel);
                  }
                })
            .bind(InetAddress.getByName(address), 0)
            .sync()
            .channel();
    try {
      Socket socket = new Socket();
      InetSocketAddress bound = (InetSocketAddress) listener.localAddress();
      socket.connect(bound, 5_000);
      socket.setSoTimeout(10_000);
      return new SocketPair(socket, accepted.get(5, TimeUnit.SECONDS));
    } finally {
      listener.close().sync();
    }
  }

  Socket socket() {
    return socket;
  }

  SocketChannel accepted() {
    return accepted;
  }

  @Override
  public void close() throws Exception {
    socket.close();
    accepted.close().sync();
  }
}

package dev.weft.proxy.tcp;

import dev.weft.proxy.config.ProxyMode;
import dev.weft.proxy.runtime.Loops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Run where packets to one port are redirected to another: listens on the latter for both families,
 * connects to the former, and prints where each connection wanted to go.
 */
final class RedirectProbe {
  private RedirectProbe() {}

  /**
   * Runs the probe.
   *
   * @param args the port that is redirected, and where it is redirected to
   */
  public static void main(String[] args) throws Exception {
    int redirected = Integer.parseInt(args[0]);
    int listening = Integer.parseInt(args[1]);
    try (Loops loops = Loops.start(Loops.defaultTransport(), 1)) {
      CompletableFuture<?>[] next = {null};
      Channel listener =
          new ServerBootstrap()
              .group(loops.workerGroup())
              .channel(loops.serverChannel())
              .childHandler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    @SuppressWarnings("unchecked")
                    protected void initChannel(SocketChannel channel) throws Exception {
                      ((CompletableFuture<Object>) next[0])
                          .complete(OriginalDestination.of(channel, ProxyMode.AUTO));
                    }
                  })
              .bind(InetAddress.getByName("::"), listening)
              .sync()
              .channel();
      for (String address : new String[] {"127.0.0.1", "127.0.0.5", "::1"}) {
        for (int port : new int[] {redirected, listening}) {
          CompletableFuture<Object> found = new CompletableFuture<>();
          next[0] = found;
          try (Socket _ = new Socket(InetAddress.getByName(address), port)) {
            System.out.println(address + " " + port + " -> " + found.get(10, TimeUnit.SECONDS));
          }
        }
      }
      listener.close().sync();
    }
  }
}

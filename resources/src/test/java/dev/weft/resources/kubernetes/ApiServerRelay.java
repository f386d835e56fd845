package dev.weft.resources.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a real API server and can be gone for a while, as that server is while it restarts:
 * connections end, new ones are refused. Passes bytes on and looks into nothing. Thread-safe.
 */
public final class ApiServerRelay implements AutoCloseable {
  private static final int BACKLOG = 64;

  private final InetSocketAddress server;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private @Nullable ServerSocket listener;

  private ApiServerRelay(InetSocketAddress server) throws IOException {
    this.server = server;
    ServerSocket bound = bind(0);
    this.port = bound.getLocalPort();
    serve(bound);
  }

  /** Before the server that the configuration names. */
  public static ApiServerRelay before(Config config) throws IOException {
    URI url = URI.create(config.getMasterUrl());
    return new ApiServerRelay(new InetSocketAddress(url.getHost(), url.getPort()));
  }

  /** A client of the same user, through the relay. */
  public KubernetesClient client(Config config) {
    Config through =
        new ConfigBuilder(config)
            .withMasterUrl("https://127.0.0.1:" + port + "/")
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(through).build();
  }

  private static ServerSocket bind(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    return socket;
  }

  private synchronized void serve(ServerSocket bound) {
    listener = bound;
    Thread.startVirtualThread(() -> accept(bound));
  }

  private void accept(ServerSocket bound) {
    try {
      while (true) {
        Socket client = bound.accept();
        Socket upstream = new Socket();
        open.add(client);
        open.add(upstream);
        upstream.connect(server);
        Thread.startVirtualThread(() -> copy(client, upstream));
        Thread.startVirtualThread(() -> copy(upstream, client));
        if (bound.isClosed()) {
          closeQuietly(client);
          closeQuietly(upstream);
        }
      }
    } catch (IOException _) {
      // Cut.
    }
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // Cut, or one side ended.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  /** From now on the server is not there. */
  public synchronized void cut() throws IOException {
    ServerSocket bound = listener;
    if (bound != null) {
      bound.close();
      listener = null;
    }
    open.forEach(ApiServerRelay::closeQuietly);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // Closed before.
    }
  }

  /** It is back, at the same address. */
  public void mend() throws IOException {
    serve(bind(port));
  }

  @Override
  public void close() throws IOException {
    cut();
  }
}

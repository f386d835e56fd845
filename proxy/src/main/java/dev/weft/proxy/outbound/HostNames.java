package dev.weft.proxy.outbound;

import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.EndpointSet;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names outside the mesh, found by DNS and looked up anew while they are in use; a failed look-up
 * keeps what was known. Runs on one loop only; does not block it.
 */
final class HostNames {
  private static final Logger LOG = LoggerFactory.getLogger(HostNames.class);
  private static final long REFRESH_SECONDS = 30;

  /** For names that have never been found; requests are refused meanwhile. */
  private static final long RETRY_SECONDS = 5;

  private final EventLoop loop;
  private final Class<? extends DatagramChannel> channelClass;
  private final DnsServerAddressStreamProvider servers;
  private @Nullable DnsNameResolver resolver;

  HostNames(
      EventLoop loop,
      Class<? extends DatagramChannel> channelClass,
      DnsServerAddressStreamProvider servers) {
    this.servers = servers;
    this.loop = loop;
    this.channelClass = channelClass;
  }

  /** Watches the addresses of a name until the result is closed. */
  EndpointSets.Source watch(String host, int port, Consumer<EndpointSet> listener) {
    Lookup lookup = new Lookup(host, port, listener);
    loop.execute(lookup::begin);
    return lookup;
  }

  private DnsNameResolver resolver() {
    DnsNameResolver made = resolver;
    if (made == null) {
      made =
          new DnsNameResolverBuilder(loop)
              .nameServerProvider(servers)
              .datagramChannelType(channelClass)
              .build();
      resolver = made;
    }
    return made;
  }

  private final class Lookup implements EndpointSets.Source {
    private final String host;
    private final int port;
    private final Consumer<EndpointSet> listener;
    private boolean known;
    private boolean closed;
    private @Nullable Future<?> next;

    Lookup(String host, int port, Consumer<EndpointSet> listener) {
      this.host = host;
      this.port = port;
      this.listener = listener;
    }

    void begin() {
      next = null;
      if (!closed) {
        Future<List<InetAddress>> answer = resolver().resolveAll(host);
        answer.addListener(_ -> answered(answer));
      }
    }

    private void answered(Future<List<InetAddress>> answer) {
      if (closed) {
        return;
      }
      if (answer.isSuccess()) {
        known = true;
        Map<InetSocketAddress, Endpoint> found = new HashMap<>();
        for (InetAddress address : answer.getNow()) {
          InetSocketAddress at = new InetSocketAddress(address, port);
          found.put(at, Endpoint.plain(at));
        }
        listener.accept(new EndpointSet(found, true));
      } else {
        LOG.info(
            "name not resolved host={} cause={}",
            host,
            String.valueOf(answer.cause().getMessage()));
        if (!known) {
          listener.accept(new EndpointSet(Map.of(), false));
        }
      }
      next = loop.schedule(this::begin, known ? REFRESH_SECONDS : RETRY_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void refresh() {
      if (next != null && next.cancel(false)) {
        begin();
      }
    }

    @Override
    public void close() {
      closed = true;
      if (next != null) {
        next.cancel(false);
      }
    }
  }
}

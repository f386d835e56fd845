package dev.weft.proxy.inbound;

import dev.weft.proxy.client.Backoff;
import dev.weft.proxy.client.Connector;
import dev.weft.proxy.client.Http1Pool;
import dev.weft.proxy.client.HttpClient;
import dev.weft.proxy.client.QueuedHttp2Client;
import dev.weft.proxy.config.BackoffConfig;
import dev.weft.proxy.config.DataPathConfig;
import dev.weft.proxy.forward.Forward;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.tcp.DialException;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP clients towards the applications behind this proxy, one per address and version of HTTP
 * on one loop. Runs on that loop only.
 *
 * <p>One that served nothing for the idle time is closed. Source: facts/proxy.md 2.6.
 */
final class Applications {
  private final Worker worker;
  private final Map<Key, Entry> clients = new HashMap<>();
  private @Nullable Future<?> sweep;

  private record Key(InetSocketAddress target, boolean http2) {}

  private static final class Entry {
    private final HttpClient client;
    private long lastUsedNanos;

    Entry(HttpClient client) {
      this.client = client;
    }
  }

  Applications(Worker worker) {
    this.worker = worker;
  }

  /** Sends a request to the application that listens at the target. */
  void send(InetSocketAddress target, Forward request) {
    Key key = new Key(target, !request.head().version.isHttp1());
    Entry entry = clients.get(key);
    if (entry == null) {
      entry = new Entry(make(key));
      clients.put(key, entry);
      scheduleSweep();
    }
    entry.lastUsedNanos = now();
    entry.client.send(request);
  }

  private HttpClient make(Key key) {
    DataPathConfig path = worker.config().path();
    Connector connector = (loop, listener) -> connect(key.target, listener);
    EventLoop loop = worker.loop();
    if (!key.http2) {
      return new Http1Pool(
          loop,
          worker.context().ticker(),
          connector,
          worker.codecs().http1Client(),
          new Http1Pool.Limits(path.pool().maxIdle(), path.pool().idleTimeout().toNanos()));
    }
    BackoffConfig backoff = path.connect().backoff();
    return new QueuedHttp2Client(
        loop,
        connector,
        worker.codecs().http2Client(),
        new Backoff(backoff.min(), backoff.max(), backoff.jitter(), worker.context().random()),
        path.httpQueue().capacity(),
        path.httpQueue().failfastTimeout().toNanos());
  }

  private void connect(InetSocketAddress target, Connector.Listener listener) {
    Future<Channel> dialled = worker.dial(target);
    dialled.addListener(
        _ -> {
          if (dialled.isSuccess()) {
            Channel channel = dialled.getNow();
            channel.pipeline().addLast(worker.metrics().applicationMeter(worker.shard()));
            listener.connected(channel);
          } else {
            listener.failed(refusal(dialled.cause()));
          }
        });
  }

  private static Refusal refusal(Throwable failure) {
    boolean timeout =
        failure instanceof DialException dial && dial.kind() == DialException.Kind.TIMEOUT;
    return Refusal.of(
        timeout ? Refusal.Cause.CONNECT_TIMEOUT : Refusal.Cause.BAD_GATEWAY,
        String.valueOf(failure.getMessage()));
  }

  private long now() {
    return worker.context().ticker().nanoTime();
  }

  private void scheduleSweep() {
    if (sweep == null && !clients.isEmpty()) {
      long idle = worker.config().path().discoveryIdleTimeout().toNanos();
      sweep = worker.loop().schedule(this::sweep, Math.max(1, idle / 2), TimeUnit.NANOSECONDS);
    }
  }

  /** Closing lets requests under way finish, so a long response survives it. */
  private void sweep() {
    sweep = null;
    long idle = worker.config().path().discoveryIdleTimeout().toNanos();
    for (Iterator<Entry> all = clients.values().iterator(); all.hasNext(); ) {
      Entry entry = all.next();
      if (now() - entry.lastUsedNanos >= idle) {
        all.remove();
        entry.client.close();
      }
    }
    scheduleSweep();
  }
}

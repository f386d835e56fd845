package dev.weft.proxy.client;

import dev.weft.proxy.forward.Forward;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.http.ClientConnection;
import dev.weft.proxy.http.ConnectionListener;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1 connections to one address. The connection that became idle last serves the next request
 * for the same authority; without one a new connection is made. An idle connection is closed after
 * the idle time, and the oldest one when there are too many. Runs on its loop only.
 *
 * <p>HTTP/1.0 requests, requests without a host, and upgrades have a connection of their own that
 * serves nothing else. Source: facts/proxy.md 2.6 and 3.10.
 */
public final class Http1Pool implements HttpClient {
  private static final int SWEEPS_PER_IDLE_TIME = 4;

  private final EventLoop loop;
  private final Ticker ticker;
  private final Connector connector;
  private final ClientCodec codec;
  private final Limits limits;

  private final Map<AsciiString, ArrayDeque<Pooled>> idleByAuthority = new HashMap<>();

  /** All idle connections, the longest idle first. */
  private final LinkedHashSet<Pooled> idle = new LinkedHashSet<>();

  private final Set<Pooled> busy = new HashSet<>();
  private @Nullable Future<?> sweep;
  private boolean closed;

  /**
   * Bounds of a pool.
   *
   * @param maxIdle most idle connections; 0 keeps none
   * @param idleNanos how long a connection may be idle
   */
  public record Limits(int maxIdle, long idleNanos) {}

  /** An empty pool. */
  public Http1Pool(
      EventLoop loop, Ticker ticker, Connector connector, ClientCodec codec, Limits limits) {
    this.loop = loop;
    this.ticker = ticker;
    this.connector = connector;
    this.codec = codec;
    this.limits = limits;
  }

  @Override
  public void send(Forward request) {
    if (request.isOver()) {
      return;
    }
    if (closed) {
      request.refuse(Refusal.LOAD_SHED);
      return;
    }
    AsciiString authority = sharedBy(request.head());
    Pooled warm = authority.isEmpty() ? null : takeIdle(authority);
    if (warm != null) {
      busy.add(warm);
      request.open(warm.connection(), false, true);
      return;
    }
    connector.connect(
        loop,
        new Connector.Listener() {
          @Override
          public void connected(Channel channel) {
            use(channel, authority, request);
          }

          @Override
          public void failed(Refusal refusal) {
            request.unsent(refusal);
          }
        });
  }

  /** How many connections are idle. */
  public int idleCount() {
    return idle.size();
  }

  @Override
  public void close() {
    closed = true;
    if (sweep != null) {
      sweep.cancel(false);
      sweep = null;
    }
    List.copyOf(idle).forEach(pooled -> pooled.connection().drain());
    List.copyOf(busy).forEach(pooled -> pooled.connection().drain());
  }

  /** The authority whose requests may share a connection with this one; empty if none may. */
  private static AsciiString sharedBy(RequestHead head) {
    AsciiString host = head.headers.get(HeaderNames.HOST);
    boolean alone =
        head.version == HttpVersion.HTTP_1_0 || head.upgrade || host == null || host.isEmpty();
    return alone ? AsciiString.EMPTY_STRING : host;
  }

  private void use(Channel channel, AsciiString authority, Forward request) {
    Pooled pooled = new Pooled(authority, codec);
    busy.add(pooled);
    channel.pipeline().addLast(pooled.connection());
    if (!request.isOver()) {
      request.open(pooled.connection(), false, false);
    }
    if (authority.isEmpty() || closed) {
      pooled.connection().drain();
    } else if (pooled.connection().activeExchanges() == 0 && busy.contains(pooled)) {
      pooled.onIdle(pooled.connection()); // nobody wants it any more; the next request has it
    }
  }

  private @Nullable Pooled takeIdle(AsciiString authority) {
    ArrayDeque<Pooled> queue = idleByAuthority.get(authority);
    while (queue != null && !queue.isEmpty()) {
      Pooled candidate = queue.getLast();
      forgetIdle(candidate);
      if (candidate.connection().isUsable()) {
        return candidate;
      }
      candidate.connection().close();
    }
    return null;
  }

  private void forgetIdle(Pooled pooled) {
    if (idle.remove(pooled)) {
      ArrayDeque<Pooled> queue = idleByAuthority.get(pooled.authority);
      if (queue != null) {
        queue.remove(pooled);
        if (queue.isEmpty()) {
          idleByAuthority.remove(pooled.authority);
        }
      }
    }
  }

  private void sweep() {
    sweep = null;
    long now = ticker.nanoTime();
    while (!idle.isEmpty() && now - idle.getFirst().idleSince >= limits.idleNanos()) {
      Pooled oldest = idle.getFirst();
      forgetIdle(oldest);
      oldest.connection().close();
    }
    scheduleSweep();
  }

  private void scheduleSweep() {
    if (sweep == null && !idle.isEmpty() && !closed) {
      long pause = Math.max(1, limits.idleNanos() / SWEEPS_PER_IDLE_TIME);
      sweep = loop.schedule(this::sweep, pause, TimeUnit.NANOSECONDS);
    }
  }

  /** One connection and its place in the pool: busy, idle, or gone. */
  private final class Pooled implements ConnectionListener {
    private final AsciiString authority;
    private final ClientConnection connection;
    private long idleSince;

    Pooled(AsciiString authority, ClientCodec codec) {
      this.authority = authority;
      this.connection = codec.connection(this);
    }

    ClientConnection connection() {
      return connection;
    }

    @Override
    public void onIdle(ClientConnection ignored) {
      if (!busy.remove(this)) {
        return;
      }
      if (closed || authority.isEmpty() || limits.maxIdle() == 0) {
        connection.drain();
        return;
      }
      if (idle.size() >= limits.maxIdle()) {
        Pooled oldest = idle.getFirst();
        forgetIdle(oldest);
        oldest.connection.close();
      }
      idleSince = ticker.nanoTime();
      idle.add(this);
      idleByAuthority.computeIfAbsent(authority, _ -> new ArrayDeque<>(2)).addLast(this);
      scheduleSweep();
    }

    @Override
    public void onClosed(ClientConnection ignored, Reset reason) {
      busy.remove(this);
      forgetIdle(this);
    }
  }
}

package dev.weft.proxy.outbound;

import dev.weft.proxy.balance.Share;
import dev.weft.proxy.client.Backoff;
import dev.weft.proxy.client.Connector;
import dev.weft.proxy.client.DestinationConnector;
import dev.weft.proxy.client.Http1Pool;
import dev.weft.proxy.config.BackoffConfig;
import dev.weft.proxy.config.BalanceConfig;
import dev.weft.proxy.config.PoolConfig;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Shard;
import dev.weft.proxy.tls.PeerTls;
import dev.weft.proxy.transport.TransportHeader.Session;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * What the outbound side keeps for one event loop: the targets in use, with their connections.
 * Nothing of it is shared with other loops. Runs on its loop only.
 */
final class Lane {
  /** Targets in use, or used within the last seconds, at most; each holds watches. */
  private static final int MAX_TARGETS = 10_000;

  private final Outbound outbound;
  private final EventLoop loop;
  private final Shard shard;
  private final HostNames hostNames;
  private final ParentMeters meters;
  private final Map<Target, TargetStack> stacks = new HashMap<>();
  private final int maxInFlight;
  private int inFlight;

  Lane(Outbound outbound, EventLoop loop) {
    this.outbound = outbound;
    this.loop = loop;
    this.shard = outbound.context().shard(loop);
    this.hostNames = outbound.hostNames(loop);
    this.meters = new ParentMeters(outbound.metrics(), shard);
    int lanes = outbound.context().loops().workers().size();
    this.maxInFlight = Math.max(1, outbound.config().path().maxInFlight() / lanes);
  }

  Outbound outbound() {
    return outbound;
  }

  EventLoop loop() {
    return loop;
  }

  Shard shard() {
    return shard;
  }

  ParentMeters meters() {
    return meters;
  }

  HostNames hostNames() {
    return hostNames;
  }

  long nanoTime() {
    return outbound.context().ticker().nanoTime();
  }

  /** Whether an address leads to the listener itself. */
  boolean isOwn(InetSocketAddress address) {
    return outbound.isOwn(address);
  }

  /** Whether a target cannot be taken on besides those in use. */
  boolean isFull(Target target) {
    return stacks.size() >= MAX_TARGETS && !stacks.containsKey(target);
  }

  /** The stack of a target, made at first use; the caller holds it until it calls release. */
  TargetStack acquire(Target target) {
    TargetStack stack = stacks.computeIfAbsent(target, t -> new TargetStack(this, t));
    stack.acquire();
    return stack;
  }

  void forget(TargetStack stack) {
    stacks.remove(stack.target(), stack);
  }

  /** Counts a request without response head; false if there are too many. */
  boolean enter() {
    if (inFlight >= maxInFlight) {
      return false;
    }
    inFlight++;
    return true;
  }

  void leave() {
    inFlight--;
  }

  /** What an endpoint that is new to this proxy is meant to get of the traffic. */
  Share share(Endpoint endpoint) {
    BalanceConfig balance = outbound.config().balance();
    double part = endpoint.inOtherZone() ? balance.otherZoneShare() : 1;
    return new Share(endpoint.share() * part, balance.slowStart());
  }

  Backoff backoff() {
    BackoffConfig config = outbound.config().path().connect().backoff();
    return new Backoff(config.min(), config.max(), config.jitter(), outbound.context().random());
  }

  Http1Pool.Limits poolLimits() {
    PoolConfig pool = outbound.config().path().pool();
    return new Http1Pool.Limits(pool.maxIdle(), pool.idleTimeout().toNanos());
  }

  /** A connector to an endpoint that counts its connections. */
  Connector connector(Endpoint endpoint, String authority, Session session) {
    boolean local = outbound.route().isLocal(endpoint);
    Labels labels = OutboundMetrics.connection(authority, endpoint, local);
    OutboundMetrics metrics = outbound.metrics();
    return new DestinationConnector(
        outbound.route().to(endpoint, session),
        outbound.dialer(),
        outbound.context().tls(),
        outbound.config().path().connect().timeout(),
        channel -> {
          PeerTls.of(channel).ifPresent(peer -> metrics.handshakes.count(shard, "outbound", peer));
          channel.pipeline().addLast(metrics.endpointMeter(shard, labels, endpoint));
        });
  }
}

package dev.weft.proxy.inbound;

import dev.weft.policy.inbound.InboundEvaluator;
import dev.weft.proxy.config.InboundConfig;
import dev.weft.proxy.config.ProxyMode;
import dev.weft.proxy.gateway.Gateway;
import dev.weft.proxy.metrics.Shard;
import dev.weft.proxy.runtime.ProxyContext;
import dev.weft.proxy.tcp.Dialer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What the inbound connections of one loop share. Used on that loop only. */
final class Worker {
  private final ProxyContext context;
  private final EventLoop loop;
  private final Shard shard;
  private final InboundMetrics metrics;
  private final PortMeters meters;
  private final InboundLog log;
  private final PortPolicies policies;
  private final Dialer dialer;
  private final Applications applications;
  private final Codecs codecs;
  private final InFlight inFlight;
  private final @Nullable Gateway gateway;

  Worker(
      ProxyContext context,
      EventLoop loop,
      InboundMetrics metrics,
      Dialer dialer,
      Codecs codecs,
      RateLimiters limiters,
      @Nullable Gateway gateway,
      Logger logger) {
    this.gateway = gateway;
    this.context = context;
    this.loop = loop;
    this.shard = context.shard(loop);
    this.metrics = metrics;
    this.meters = new PortMeters(metrics, shard);
    this.dialer = dialer;
    this.codecs = codecs;
    this.log = new InboundLog(logger, context.ticker());
    InboundConfig config = context.config().inbound();
    this.policies =
        new PortPolicies(
            context.control().inboundPolicies(),
            loop,
            config.path().discoveryIdleTimeout(),
            context.config().mode() == ProxyMode.EXPLICIT
                ? InboundEvaluator.Loopback.SHARED
                : InboundEvaluator.Loopback.OWN,
            limiters,
            log::cannotEnforce);
    this.applications = new Applications(this);
    int loops = context.loops().workers().size();
    this.inFlight = new InFlight(Math.max(1, config.path().maxInFlight() / loops));
  }

  ProxyContext context() {
    return context;
  }

  InboundConfig config() {
    return context.config().inbound();
  }

  EventLoop loop() {
    return loop;
  }

  Shard shard() {
    return shard;
  }

  InboundMetrics metrics() {
    return metrics;
  }

  PortMeters meters() {
    return meters;
  }

  long nanoTime() {
    return context.ticker().nanoTime();
  }

  InboundLog log() {
    return log;
  }

  PortPolicies policies() {
    return policies;
  }

  Applications applications() {
    return applications;
  }

  Codecs codecs() {
    return codecs;
  }

  /** Where connections for services go; null where this proxy is no gateway. */
  @Nullable Gateway gateway() {
    return gateway;
  }

  InFlight inFlight() {
    return inFlight;
  }

  /** Where a target is reached: as it is, or at the one address of all applications. */
  InetSocketAddress reach(InetSocketAddress target) {
    InetAddress forward = config().forwardIp();
    return forward == null ? target : new InetSocketAddress(forward, target.getPort());
  }

  /** Connects to an application; the channel counts its bytes. */
  Future<Channel> dial(InetSocketAddress target) {
    return dialer.dial(loop, reach(target));
  }

  /**
   * Requests without response head on this loop, of which each loop may have its share of the
   * configured limit: a count over all loops would be written by all of them for every request.
   */
  static final class InFlight {
    private final int limit;
    private int count;

    InFlight(int limit) {
      this.limit = limit;
    }

    boolean enter() {
      if (count >= limit) {
        return false;
      }
      count++;
      return true;
    }

    void leave() {
      count--;
    }
  }
}

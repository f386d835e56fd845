package dev.weft.proxy.inbound;

import dev.weft.policy.inbound.InboundEvaluator;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.proxy.control.Watch;
import dev.weft.proxy.control.WatchState;
import dev.weft.proxy.control.Watcher;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The policies of the ports in use on one loop, each compiled once per update and shared by all
 * connections to its port. Runs on that loop only.
 *
 * <p>A port without connections is forgotten after the idle time; there are at most 65 535. Source:
 * facts/proxy.md 2.2.
 */
final class PortPolicies {
  private final Watcher<Integer, InboundPolicy> watcher;
  private final EventExecutor loop;
  private final Duration idleTimeout;
  private final InboundEvaluator.Loopback loopback;
  private final RateLimiters limiters;
  private final Problems problems;
  private final Map<Integer, Port> ports = new HashMap<>();

  /** Hears of policies that cannot be enforced. */
  @FunctionalInterface
  interface Problems {
    void cannotEnforce(int port, String problem);
  }

  PortPolicies(
      Watcher<Integer, InboundPolicy> watcher,
      EventExecutor loop,
      Duration idleTimeout,
      InboundEvaluator.Loopback loopback,
      RateLimiters limiters,
      Problems problems) {
    this.watcher = watcher;
    this.loop = loop;
    this.idleTimeout = idleTimeout;
    this.loopback = loopback;
    this.limiters = limiters;
    this.problems = problems;
  }

  /**
   * The policy of a port, for one connection.
   *
   * @param changed runs after every change while the lease is open
   */
  Lease lease(int port, Runnable changed) {
    return ports.computeIfAbsent(port, Port::new).lease(changed);
  }

  /** One connection's hold on a port's policy. */
  final class Lease implements AutoCloseable {
    private final Port port;
    private final Runnable changed;

    private Lease(Port port, Runnable changed) {
      this.port = port;
      this.changed = changed;
    }

    /** The policy now in force; another object after every change. */
    InboundEvaluator evaluator() {
      return port.evaluator;
    }

    /** What bounds its requests, if anything does. */
    @Nullable RateLimiter limiter() {
      return port.limiter;
    }

    int port() {
      return port.number;
    }

    /** Idempotent. */
    @Override
    public void close() {
      port.leave(this);
    }
  }

  private final class Port {
    private final int number;
    private final Set<Lease> leases = new LinkedHashSet<>();
    private final Watch<InboundPolicy> watch;
    private InboundEvaluator evaluator;
    private @Nullable RateLimiter limiter;
    private @Nullable Future<?> idle;

    Port(int number) {
      this.number = number;
      evaluator =
          InboundEvaluator.of(
              InboundPolicy.invalid("the policy of port " + number + " is not known yet"));
      watch = watcher.watch(number, loop, this::changed);
      if (watch.state() instanceof WatchState.Known<InboundPolicy>(InboundPolicy policy)) {
        compile(policy);
      }
    }

    Lease lease(Runnable changed) {
      if (idle != null) {
        idle.cancel(false);
        idle = null;
      }
      Lease lease = new Lease(this, changed);
      leases.add(lease);
      return lease;
    }

    void leave(Lease lease) {
      if (leases.remove(lease) && leases.isEmpty()) {
        idle = loop.schedule(this::forget, idleTimeout.toNanos(), TimeUnit.NANOSECONDS);
      }
    }

    private void forget() {
      if (leases.isEmpty() && ports.remove(number, this)) {
        watch.close();
      }
    }

    /** Only a newer policy replaces a policy: losing the control plane changes nothing. */
    private void changed(WatchState<InboundPolicy> state) {
      if (!(state instanceof WatchState.Known<InboundPolicy>(InboundPolicy policy))
          || policy.equals(evaluator.policy())) {
        return;
      }
      compile(policy);
      for (Lease lease : List.copyOf(leases)) {
        lease.changed.run();
      }
    }

    private void compile(InboundPolicy policy) {
      evaluator = InboundEvaluator.of(policy, loopback);
      limiter = limiters.of(number, evaluator.policy());
      evaluator.problem().ifPresent(problem -> problems.cannotEnforce(number, problem));
    }
  }
}

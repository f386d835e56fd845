package dev.weft.proxy.control.decode;

import dev.weft.api.net.TcpAddress;
import dev.weft.api.outbound.ExponentialBackoff;
import dev.weft.mesh.IpAddr;
import dev.weft.policy.InvalidPolicyException;
import dev.weft.policy.outbound.Backend;
import dev.weft.policy.outbound.Backoff;
import dev.weft.policy.outbound.FailureAccrual;
import java.time.Duration;

/** Backends and what is done about their failures. */
final class Backends {
  private static final Duration PENALTY = Duration.ofSeconds(5);
  private static final Duration PENALTY_DECAY = Duration.ofSeconds(10);
  private static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(300);
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final Duration MIN_WINDOW = Duration.ofMillis(10);
  private static final int MAX_MIN_REQUESTS = 1_000_000;

  private Backends() {}

  static Backend backend(boolean present, dev.weft.api.outbound.Backend backend) {
    if (!present) {
      throw Values.missing("backend");
    }
    if (!backend.hasQueue()) {
      throw Values.missing("queue of a backend");
    }
    Backend.Queue queue =
        new Backend.Queue(
            (int)
                Math.min(
                    Integer.MAX_VALUE, Integer.toUnsignedLong(backend.getQueue().getCapacity())),
            Values.required(
                "failfast timeout",
                backend.getQueue().hasFailfastTimeout(),
                backend.getQueue().getFailfastTimeout()));
    return new Backend(Values.outboundRef(backend.getMetadata()), dispatcher(backend), queue);
  }

  private static Backend.Dispatcher dispatcher(dev.weft.api.outbound.Backend backend) {
    return switch (backend.getKindCase()) {
      case FORWARD -> forward(backend.getForward().getAddr());
      case BALANCER -> {
        dev.weft.api.outbound.Backend.BalanceP2c balancer = backend.getBalancer();
        if (!balancer.getDiscovery().hasDst()) {
          throw Values.missing("discovery of a balancer");
        }
        yield new Backend.Dispatcher.Balancer(
            balancer.getDiscovery().getDst().getPath(), load(balancer));
      }
      case KIND_NOT_SET -> new Backend.Dispatcher.None();
    };
  }

  private static Backend.Dispatcher forward(TcpAddress address) {
    IpAddr ip = Values.ip(address.getIp()).orElseThrow(() -> Values.missing("forward address"));
    try {
      return new Backend.Dispatcher.Forward(ip, address.getPort() & 0xffff);
    } catch (IllegalArgumentException e) {
      throw new InvalidPolicyException(e.getMessage(), e);
    }
  }

  private static Backend.Load load(dev.weft.api.outbound.Backend.BalanceP2c balancer) {
    return switch (balancer.getLoadCase()) {
      case PEAK_EWMA ->
          new Backend.Load.PeakEwma(
              Values.required(
                  "default rtt",
                  balancer.getPeakEwma().hasDefaultRtt(),
                  balancer.getPeakEwma().getDefaultRtt()),
              Values.required(
                  "decay", balancer.getPeakEwma().hasDecay(), balancer.getPeakEwma().getDecay()));
      case PENALTY_PEAK_EWMA -> {
        var load = balancer.getPenaltyPeakEwma();
        yield new Backend.Load.PenaltyPeakEwma(
            or(load.hasDefaultRtt(), load.getDefaultRtt(), Backend.Load.DEFAULT.defaultRtt()),
            or(load.hasDecay(), load.getDecay(), Backend.Load.DEFAULT.decay()),
            or(load.hasPenalty(), load.getPenalty(), PENALTY),
            or(load.hasMaxRetryAfter(), load.getMaxRetryAfter(), MAX_RETRY_AFTER),
            or(load.hasPenaltyDecay(), load.getPenaltyDecay(), PENALTY_DECAY));
      }
      case LOAD_NOT_SET -> throw Values.missing("load of a balancer");
    };
  }

  private static Duration or(
      boolean present, com.google.protobuf.Duration duration, Duration fallback) {
    return present ? Values.duration(duration) : fallback;
  }

  static Backoff backoff(boolean present, ExponentialBackoff backoff) {
    if (!present) {
      throw Values.missing("backoff");
    }
    try {
      return new Backoff(
          Values.required("min backoff", backoff.hasMinBackoff(), backoff.getMinBackoff()),
          Values.required("max backoff", backoff.hasMaxBackoff(), backoff.getMaxBackoff()),
          backoff.getJitterRatio(),
          backoff.getRespectRetryAfterHint());
    } catch (InvalidPolicyException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new InvalidPolicyException(e.getMessage(), e);
    }
  }

  static FailureAccrual accrual(dev.weft.api.outbound.FailureAccrual accrual) {
    return switch (accrual.getKindCase()) {
      case CONSECUTIVE_FAILURES -> {
        var consecutive = accrual.getConsecutiveFailures();
        yield new FailureAccrual.Consecutive(
            bounded(consecutive.getMaxFailures()),
            backoff(consecutive.hasBackoff(), consecutive.getBackoff()));
      }
      case UNIFIED -> unified(accrual.getUnified());
      case KIND_NOT_SET -> throw Values.missing("kind of failure accrual");
    };
  }

  private static FailureAccrual.Unified unified(
      dev.weft.api.outbound.FailureAccrual.Unified unified) {
    double threshold = unified.getSuccessRateThreshold();
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new InvalidPolicyException("success rate threshold " + threshold + " is no share");
    }
    Duration window = or(unified.hasDecay(), unified.getDecay(), WINDOW);
    if (threshold > 0 && window.compareTo(MIN_WINDOW) < 0) {
      throw new InvalidPolicyException("success rate window " + window + " is below 10 ms");
    }
    int minRequests = bounded(unified.getMinRequests());
    if (minRequests > MAX_MIN_REQUESTS) {
      throw new InvalidPolicyException("min requests " + minRequests + " is above a million");
    }
    return new FailureAccrual.Unified(
        threshold,
        window,
        minRequests,
        bounded(unified.getMaxConsecutiveFailures()),
        backoff(unified.hasBackoff(), unified.getBackoff()));
  }

  static int bounded(int unsigned) {
    return (int) Math.min(Integer.MAX_VALUE, Integer.toUnsignedLong(unsigned));
  }
}

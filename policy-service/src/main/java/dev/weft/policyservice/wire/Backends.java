package dev.weft.policyservice.wire;

import dev.weft.api.destination.WeightedAddr;
import dev.weft.api.net.TcpAddress;
import dev.weft.api.outbound.Backend;
import dev.weft.api.outbound.ExponentialBackoff;
import dev.weft.api.outbound.FailureAccrual;
import dev.weft.api.outbound.Queue;
import dev.weft.policy.outbound.Backoff;

/** Backends, their load estimate and their circuit breaker. */
final class Backends {
  /** Weight of an address which stands alone. */
  private static final int FORWARD_WEIGHT = 1;

  private Backends() {}

  static Backend encode(dev.weft.policy.outbound.Backend backend) {
    Backend.Builder message =
        Backend.newBuilder()
            .setMetadata(Common.metadata(backend.ref()))
            .setQueue(
                Queue.newBuilder()
                    .setCapacity(backend.queue().capacity())
                    .setFailfastTimeout(Common.duration(backend.queue().failfastTimeout())));
    switch (backend.dispatcher()) {
      case dev.weft.policy.outbound.Backend.Dispatcher.Balancer balancer ->
          message.setBalancer(balancer(balancer));
      case dev.weft.policy.outbound.Backend.Dispatcher.Forward forward ->
          message.setForward(
              WeightedAddr.newBuilder()
                  .setAddr(
                      TcpAddress.newBuilder()
                          .setIp(Common.ip(forward.ip()))
                          .setPort(forward.port()))
                  .setWeight(FORWARD_WEIGHT));
      case dev.weft.policy.outbound.Backend.Dispatcher.None _ -> {
        // Without kind: a filter before it says what happens.
      }
    }
    return message.build();
  }

  private static Backend.BalanceP2c balancer(
      dev.weft.policy.outbound.Backend.Dispatcher.Balancer balancer) {
    Backend.BalanceP2c.Builder message =
        Backend.BalanceP2c.newBuilder()
            .setDiscovery(
                Backend.EndpointDiscovery.newBuilder()
                    .setDst(
                        Backend.EndpointDiscovery.DestinationGet.newBuilder()
                            .setPath(balancer.authority())));
    switch (balancer.load()) {
      case dev.weft.policy.outbound.Backend.Load.PeakEwma load ->
          message.setPeakEwma(
              Backend.BalanceP2c.PeakEwma.newBuilder()
                  .setDefaultRtt(Common.duration(load.defaultRtt()))
                  .setDecay(Common.duration(load.decay())));
      case dev.weft.policy.outbound.Backend.Load.PenaltyPeakEwma load ->
          message.setPenaltyPeakEwma(
              Backend.BalanceP2c.PenaltyPeakEwma.newBuilder()
                  .setDefaultRtt(Common.duration(load.defaultRtt()))
                  .setDecay(Common.duration(load.decay()))
                  .setPenalty(Common.duration(load.penalty()))
                  .setMaxRetryAfter(Common.duration(load.maxRetryAfter()))
                  .setPenaltyDecay(Common.duration(load.penaltyDecay())));
    }
    return message.build();
  }

  static FailureAccrual accrual(dev.weft.policy.outbound.FailureAccrual accrual) {
    FailureAccrual.Builder message = FailureAccrual.newBuilder();
    switch (accrual) {
      case dev.weft.policy.outbound.FailureAccrual.Consecutive consecutive ->
          message.setConsecutiveFailures(
              FailureAccrual.ConsecutiveFailures.newBuilder()
                  .setMaxFailures(consecutive.maxFailures())
                  .setBackoff(backoff(consecutive.backoff())));
      case dev.weft.policy.outbound.FailureAccrual.Unified unified ->
          message.setUnified(
              FailureAccrual.Unified.newBuilder()
                  .setSuccessRateThreshold(unified.successRateThreshold())
                  .setDecay(Common.duration(unified.window()))
                  .setMinRequests(unified.minRequests())
                  .setMaxConsecutiveFailures(unified.maxConsecutiveFailures())
                  .setBackoff(backoff(unified.backoff())));
    }
    return message.build();
  }

  static ExponentialBackoff backoff(Backoff backoff) {
    return ExponentialBackoff.newBuilder()
        .setMinBackoff(Common.duration(backoff.min()))
        .setMaxBackoff(Common.duration(backoff.max()))
        .setJitterRatio(backoff.jitterRatio())
        .setRespectRetryAfterHint(backoff.respectRetryAfterHint())
        .build();
  }
}

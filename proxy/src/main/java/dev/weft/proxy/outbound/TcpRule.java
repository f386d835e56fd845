package dev.weft.proxy.outbound;

import dev.weft.policy.PolicyRef;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Where connections of an opaque or TLS route go.
 *
 * @param route for messages and metrics
 * @param refusal why none is let through, or null
 * @param split where they go; a leg's filter is why that backend refuses, or null
 * @param meter counts what the rule carries
 */
record TcpRule(
    PolicyRef route,
    @Nullable String refusal,
    Split<TcpBackend, TcpRule.Gate> split,
    TcpRouteMeter meter) {
  /**
   * What a route does for one backend.
   *
   * @param refusal why none is let through, or null
   */
  record Gate(@Nullable String refusal) {}

  /** Connects to a backend that the rule chooses; fails if none is let through. */
  Future<Channel> connect(Lane lane) {
    if (refusal != null) {
      return refused(lane, refusal, TcpRouteMeter.Error.INVALID_POLICY);
    }
    Split.Leg<TcpBackend, Gate> leg = split.choose(lane.outbound().context().random());
    if (leg == null) {
      return refused(lane, "no backend is available", TcpRouteMeter.Error.UNEXPECTED);
    }
    String own = leg.filters().refusal();
    return own == null
        ? leg.backend().connect()
        : refused(lane, own, TcpRouteMeter.Error.INVALID_BACKEND);
  }

  private Future<Channel> refused(Lane lane, String cause, TcpRouteMeter.Error error) {
    return lane.loop()
        .newFailedFuture(
            new RouteException(
                "route " + route.display() + " refused the connection; cause: " + cause,
                cause.equals(PolicyRules.FORBIDDEN) ? TcpRouteMeter.Error.FORBIDDEN : error));
  }
}

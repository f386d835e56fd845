package dev.weft.proxy.inbound;

import dev.weft.policy.inbound.HttpRouting;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.inbound.InboundProtocol;
import dev.weft.policy.inbound.RateLimit;
import io.netty.util.concurrent.Ticker;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The rate limiters of all ports, shared by all loops. A limiter lives for as long as the policy of
 * its port says the same. Thread-safe.
 */
final class RateLimiters {
  private final Ticker ticker;
  private final Map<Integer, RateLimiter> byPort = new ConcurrentHashMap<>();

  RateLimiters(Ticker ticker) {
    this.ticker = ticker;
  }

  /** The limiter of a port with this policy; null if it limits nothing. */
  @Nullable RateLimiter of(int port, InboundPolicy policy) {
    RateLimit limit =
        switch (policy.protocol()) {
          case InboundProtocol.Detect(var _, HttpRouting http) -> http.rateLimit();
          case InboundProtocol.Http1(HttpRouting http) -> http.rateLimit();
          case InboundProtocol.Http2(HttpRouting http) -> http.rateLimit();
          case InboundProtocol.Grpc _, InboundProtocol.Opaque _, InboundProtocol.Tls _ -> null;
        };
    if (limit == null) {
      byPort.remove(port);
      return null;
    }
    return byPort.compute(
        port,
        (_, known) ->
            known != null && known.limit().equals(limit) ? known : new RateLimiter(limit, ticker));
  }
}

package dev.weft.proxy.gateway;

import dev.weft.proxy.control.Target;
import dev.weft.proxy.http.ExchangeHandler;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;

/**
 * Carries on what came for a service, as if an application beside this proxy had asked for it.
 * Thread-safe; what it returns belongs to the loop it was asked for.
 */
public interface Gateway {
  /** Takes requests for a service. */
  ExchangeHandler requests(EventLoop loop, Target.Name service);

  /**
   * A connection for bytes to a service: quiet, half closure allowed, on the given loop.
   *
   * @param client over once nobody needs the connection any more
   */
  Future<Channel> connect(EventLoop loop, Target.Name service, Future<?> client);
}

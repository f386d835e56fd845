package dev.weft.proxy.client;

import dev.weft.proxy.forward.Refusal;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;

/**
 * Makes connections to one place: TCP, then mesh TLS and the transport header where the place wants
 * them. Thread-safe; does not block.
 */
@FunctionalInterface
public interface Connector {
  /** Hears the outcome of one attempt, on the loop, never from within {@link Connector#connect}. */
  interface Listener {
    /**
     * Everything is established.
     *
     * @param channel registered on the loop, AUTO_READ off, half-closure allowed; owned by the
     *     receiver
     */
    void connected(Channel channel);

    /** Nothing is left of the attempt. */
    void failed(Refusal refusal);
  }

  /** Begins one attempt on a loop. */
  void connect(EventLoop loop, Listener listener);
}

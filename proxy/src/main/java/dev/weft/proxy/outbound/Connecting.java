package dev.weft.proxy.outbound;

import dev.weft.proxy.client.Connector;
import dev.weft.proxy.forward.Refusal;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;

/**
 * Counts failures to connect to one endpoint in a row, and raises a doubt when there are {@link
 * #DOUBTFUL} of them, and again after as many more. Runs on its lane's loop only.
 */
final class Connecting {
  /** One may be a lost packet, two a restart. */
  static final int DOUBTFUL = 3;

  private final Runnable doubt;
  private int failures;

  Connecting(Runnable doubt) {
    this.doubt = doubt;
  }

  /** A connector whose attempts are counted. */
  Connector watch(Connector connector) {
    return (EventLoop loop, Connector.Listener listener) ->
        connector.connect(
            loop,
            new Connector.Listener() {
              @Override
              public void connected(Channel channel) {
                failures = 0;
                listener.connected(channel);
              }

              @Override
              public void failed(Refusal refusal) {
                if (++failures % DOUBTFUL == 0) {
                  doubt.run();
                }
                listener.failed(refusal);
              }
            });
  }
}

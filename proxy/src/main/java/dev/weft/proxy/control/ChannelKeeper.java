package dev.weft.proxy.control;

import dev.weft.proxy.client.Backoff;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects a channel again at our own pace, whatever gRPC's pauses are, and tells when the control
 * plane goes and comes. Runs on the control executor only.
 */
final class ChannelKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelKeeper.class);

  private final String service;
  private final ManagedChannel channel;
  private final Backoff backoff;
  private final EventExecutor executor;
  private boolean away;

  ChannelKeeper(String service, ManagedChannel channel, Backoff backoff, EventExecutor executor) {
    this.service = service;
    this.channel = channel;
    this.backoff = backoff;
    this.executor = executor;
  }

  /** Begins to look after the channel. On any thread. */
  void start() {
    executor.execute(this::look);
  }

  private void look() {
    ConnectivityState state = channel.getState(true);
    switch (state) {
      case TRANSIENT_FAILURE -> {
        if (!away) {
          away = true;
          LOG.warn(
              "control plane away service={} address={}; what is known stays in force",
              service,
              channel.authority());
        }
        executor.schedule(channel::resetConnectBackoff, backoff.nextNanos(), TimeUnit.NANOSECONDS);
      }
      case READY -> {
        backoff.reset();
        if (away) {
          away = false;
          LOG.info("control plane back service={} address={}", service, channel.authority());
        }
      }
      case SHUTDOWN -> {
        return;
      }
      case CONNECTING, IDLE -> {}
    }
    channel.notifyWhenStateChanged(state, this::look);
  }
}

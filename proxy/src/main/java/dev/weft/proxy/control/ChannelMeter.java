package dev.weft.proxy.control;

import dev.weft.proxy.client.BalancerMeter;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientStreamTracer;
import io.grpc.ConnectivityState;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;

/**
 * Counts what goes over one channel, and what the channel is made of: the replicas it knows, the
 * one it is connected to, and the calls that wait for a connection. Runs on the control executor
 * only, where its channel calls it too; others go through {@link #later}.
 */
final class ChannelMeter implements ClientInterceptor {
  private final ControlMetrics.Calls calls;
  private final BalancerMeter balancer;
  private final EventExecutor executor;
  private Set<InetSocketAddress> replicas = Set.of();
  private boolean connected;
  private boolean shut;

  ChannelMeter(ControlMetrics.Calls calls, BalancerMeter balancer, EventExecutor executor) {
    this.calls = calls;
    this.balancer = balancer;
    this.executor = executor;
  }

  /** Follows a channel to its end. On any thread. */
  void follow(ManagedChannel channel) {
    later(() -> changed(channel));
  }

  /** The service is found at these addresses. On any thread. */
  void found(Set<InetSocketAddress> addresses) {
    later(
        () -> {
          balancer.updated();
          Set<InetSocketAddress> gone = new HashSet<>(replicas);
          gone.removeAll(addresses);
          gone.forEach(_ -> balancer.removed());
          Set<InetSocketAddress> fresh = new HashSet<>(addresses);
          fresh.removeAll(replicas);
          fresh.forEach(_ -> balancer.added());
          replicas = Set.copyOf(addresses);
          count();
        });
  }

  private void changed(ManagedChannel channel) {
    ConnectivityState state = channel.getState(false);
    connected = state == ConnectivityState.READY;
    switch (state) {
      case TRANSIENT_FAILURE -> {
        if (!shut) {
          shut = true;
          balancer.gate(false);
        }
      }
      case READY -> {
        if (shut) {
          shut = false;
          balancer.gate(true);
        }
      }
      case SHUTDOWN -> replicas = Set.of();
      case CONNECTING, IDLE -> {}
    }
    count();
    if (state != ConnectivityState.SHUTDOWN) {
      channel.notifyWhenStateChanged(state, () -> changed(channel));
    }
  }

  private void count() {
    int ready = connected && !replicas.isEmpty() ? 1 : 0;
    balancer.count(ready, replicas.size() - ready);
  }

  private void later(Runnable task) {
    if (executor.inEventLoop()) {
      task.run();
    } else if (!executor.isShuttingDown()) {
      executor.execute(task);
    }
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    Waiting waiting = new Waiting();
    return new SimpleForwardingClientCall<>(
        next.newCall(method, options.withStreamTracerFactory(waiting))) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        waiting.begin();
        super.start(new Answers<>(listener, waiting), headers);
      }
    };
  }

  /** A call until it has a connection, or ends without. */
  private final class Waiting extends ClientStreamTracer.Factory {
    private final long beganNanos = System.nanoTime();
    private boolean queued;

    void begin() {
      later(
          () -> {
            queued = true;
            calls.requested();
            balancer.requested();
            balancer.queued(1);
          });
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void streamCreated(Attributes transport, Metadata sent) {
          long waited = System.nanoTime() - beganNanos;
          later(() -> over(waited));
        }
      };
    }

    /** With what it waited for a connection; negative if it got none. */
    void over(long waitedNanos) {
      if (queued) {
        queued = false;
        balancer.queued(-1);
        if (waitedNanos >= 0) {
          balancer.dispatched(waitedNanos);
        }
      }
    }
  }

  /** What comes back on a call. */
  private final class Answers<A> extends SimpleForwardingClientCallListener<A> {
    private final Waiting waiting;
    private long latencyNanos = -1;
    private boolean headers;

    Answers(ClientCall.Listener<A> listener, Waiting waiting) {
      super(listener);
      this.waiting = waiting;
    }

    @Override
    public void onHeaders(Metadata received) {
      headers = true;
      super.onHeaders(received);
    }

    @Override
    public void onMessage(A message) {
      if (latencyNanos < 0) {
        latencyNanos = System.nanoTime() - waiting.beganNanos;
      }
      super.onMessage(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      long latency = latencyNanos < 0 ? System.nanoTime() - waiting.beganNanos : latencyNanos;
      later(
          () -> {
            waiting.over(-1);
            calls.responded(CallOutcome.of(status, headers), latency);
          });
      super.onClose(status, trailers);
    }
  }
}

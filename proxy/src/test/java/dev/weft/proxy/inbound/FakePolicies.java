package dev.weft.proxy.inbound;

import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.proxy.control.Watch;
import dev.weft.proxy.control.WatchState;
import dev.weft.proxy.control.Watcher;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The control plane's policies, changed by the test. Thread-safe. */
final class FakePolicies implements Watcher<Integer, InboundPolicy> {
  private final Map<Integer, InboundPolicy> policies = new ConcurrentHashMap<>();
  private final List<Open> open = new CopyOnWriteArrayList<>();
  private final InboundPolicy initial;

  FakePolicies(InboundPolicy initial) {
    this.initial = initial;
  }

  private record Open(int port, EventExecutor loop, Watch.Listener<InboundPolicy> listener) {}

  void set(int port, InboundPolicy policy) {
    policies.put(port, policy);
    for (Open watch : open) {
      if (watch.port == port) {
        watch.loop.execute(() -> watch.listener.changed(new WatchState.Known<>(policy)));
      }
    }
  }

  int open() {
    return open.size();
  }

  @Override
  public Watch<InboundPolicy> watch(
      Integer port, EventExecutor loop, Watch.Listener<InboundPolicy> listener) {
    Open watch = new Open(port, loop, listener);
    open.add(watch);
    return new Watch<>() {
      @Override
      public WatchState<InboundPolicy> state() {
        return new WatchState.Known<>(policies.getOrDefault(port, initial));
      }

      @Override
      public void close() {
        open.remove(watch);
      }
    };
  }
}

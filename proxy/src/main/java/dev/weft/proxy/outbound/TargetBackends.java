package dev.weft.proxy.outbound;

import dev.weft.proxy.metrics.Labels;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The backends of one target's plan. What the next plan uses again is kept, with its connections;
 * the rest is closed, and what is under way there goes on. Runs on its lane's loop only.
 */
final class TargetBackends {
  private final Lane lane;
  private final Map<Dispatch.Spec, HttpBackend> http1 = new HashMap<>();
  private final Map<Dispatch.Spec, HttpBackend> http2 = new HashMap<>();
  private final Map<Dispatch.Spec, TcpBackend> tcp = new HashMap<>();
  private final Map<Dispatch.Spec, TcpBackend> tls = new HashMap<>();

  /** What the plan being made uses. */
  private final Set<Dispatch.Spec> used = new HashSet<>();

  private Labels parent = Labels.NONE;

  TargetBackends(Lane lane) {
    this.lane = lane;
  }

  /** A plan begins, which uses none so far. */
  void begin() {
    used.clear();
  }

  /** What backends made from now on are counted under. */
  void parent(Labels labels) {
    parent = labels;
  }

  HttpBackend http1(Dispatch.Spec spec) {
    used.add(spec);
    return http1.computeIfAbsent(spec, s -> new HttpBackend(lane, s, false, parent));
  }

  HttpBackend http2(Dispatch.Spec spec) {
    used.add(spec);
    return http2.computeIfAbsent(spec, s -> new HttpBackend(lane, s, true, parent));
  }

  TcpBackend tcp(Dispatch.Spec spec) {
    used.add(spec);
    return tcp.computeIfAbsent(
        spec, s -> new TcpBackend(lane, s, lane.outbound().metrics().tcpBalancers, parent));
  }

  /** The backends of TLS routes are those of opaque ones, counted apart. */
  TcpBackend tls(Dispatch.Spec spec) {
    used.add(spec);
    return tls.computeIfAbsent(
        spec, s -> new TcpBackend(lane, s, lane.outbound().metrics().tlsBalancers, parent));
  }

  /** Closes what the plan that was made does not use. */
  void closeUnused() {
    closeUnused(http1);
    closeUnused(http2);
    closeUnused(tcp);
    closeUnused(tls);
  }

  private <B extends BalancedBackend<?>> void closeUnused(Map<Dispatch.Spec, B> backends) {
    backends
        .values()
        .removeIf(
            backend -> {
              boolean unused = !used.contains(backend.spec());
              if (unused) {
                backend.close();
              }
              return unused;
            });
  }
}

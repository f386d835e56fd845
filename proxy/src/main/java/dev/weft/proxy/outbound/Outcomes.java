package dev.weft.proxy.outbound;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Shard;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counters of a family by how responses ended; the last one is at hand. Runs on one loop only. */
final class Outcomes {
  /** A peer may answer with a thousand statuses; what is seen beyond these is looked up anew. */
  private static final int MAX_KEPT = 64;

  private final RouteFamilies families;
  private final Family<Counter> family;
  private final Shard shard;
  private final Labels base;
  private final Map<Outcome, Counter> counters = new HashMap<>(4);
  private @Nullable Outcome last;
  private @Nullable Counter lastCounter;

  private record Outcome(ResponseClass response, RouteError error) {
    boolean is(ResponseClass aResponse, RouteError anError) {
      return error == anError && response.equals(aResponse);
    }
  }

  Outcomes(RouteFamilies families, Family<Counter> family, Shard shard, Labels base) {
    this.families = families;
    this.family = family;
    this.shard = shard;
    this.base = base;
  }

  void count(ResponseClass response, RouteError error) {
    Counter counter = lastCounter;
    Outcome known = last;
    if (counter == null || known == null || !known.is(response, error)) {
      Outcome outcome = new Outcome(response, error);
      counter = counters.get(outcome);
      if (counter == null) {
        counter = family.get(shard, base.and(families.outcome(response, error)));
        if (counters.size() < MAX_KEPT) {
          counters.put(outcome, counter);
        }
      }
      last = outcome;
      lastCounter = counter;
    }
    counter.increment();
  }
}

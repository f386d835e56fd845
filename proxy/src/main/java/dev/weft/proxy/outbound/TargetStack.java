package dev.weft.proxy.outbound;

import dev.weft.mesh.IpAddr;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.proxy.client.WaitingRoom;
import dev.weft.proxy.config.QueueConfig;
import dev.weft.proxy.control.ControlPlane;
import dev.weft.proxy.control.EndpointSet;
import dev.weft.proxy.control.Profile;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.control.Watch;
import dev.weft.proxy.control.WatchState;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One target of one lane: what the control plane says of it, the plan made from that, and who uses
 * it. Kept while in use and some seconds more. Runs on its lane's loop only.
 *
 * <p>A name is first searched for: the first of its candidates which the control plane knows wins,
 * and a name nobody knows is an external host until a candidate appears. Then profile and policy
 * are asked for in parallel, and updated for as long as the stack lives; the loss of the control
 * plane changes nothing.
 *
 * <p>Source: facts/proxy.md 3.1 and 3.18.
 */
final class TargetStack {
  private static final Logger LOG = LoggerFactory.getLogger(TargetStack.class);

  /**
   * How long the control plane may be silent about a name before it is taken for an external one.
   * Names which no DNS beyond the cluster knows, those of one label and those under the cluster's
   * own suffix, are waited for.
   */
  static final Duration NAME_PATIENCE = Duration.ofSeconds(1);

  private static final Discovered NOTHING =
      new Discovered.Refused("nothing was discovered of the target");

  private final Lane lane;
  private final Target target;
  private final Planner planner;
  private final WaitingRoom room;
  private final Set<Runnable> waiting = new LinkedHashSet<>();
  private final List<Watch<EndpointSet>> search = new ArrayList<>();
  private @Nullable Watch<OutboundPolicy> policyWatch;
  private @Nullable Watch<Profile> profileWatch;
  private WatchState<OutboundPolicy> policy = new WatchState.Pending<>();
  private WatchState<Profile> profile = new WatchState.Pending<>();
  private Discovered discovered = NOTHING;
  private @Nullable Plan plan;
  private @Nullable Future<?> patience;
  private @Nullable Future<?> idle;
  private int users;
  private boolean found;
  private boolean closed;

  TargetStack(Lane lane, Target target) {
    this.lane = lane;
    this.target = target;
    this.planner = new Planner(lane, target);
    QueueConfig queue = lane.outbound().config().path().httpQueue();
    this.room =
        new WaitingRoom(
            lane.loop(),
            queue.capacity(),
            queue.failfastTimeout().toNanos(),
            new WaitingRoom.Observer() {});
    switch (target) {
      case Target.Address address -> found(address);
      case Target.Name name -> search(name);
    }
  }

  Target target() {
    return target;
  }

  /** What is done with the target's traffic; only once planned. */
  Plan plan() {
    if (plan == null) {
      throw new IllegalStateException("no plan yet for " + target.text());
    }
    return plan;
  }

  void acquire() {
    users++;
    if (idle != null) {
      idle.cancel(false);
      idle = null;
    }
  }

  void release() {
    if (--users == 0 && !closed) {
      idle =
          lane.loop()
              .schedule(
                  this::close,
                  lane.outbound().config().path().discoveryIdleTimeout().toNanos(),
                  TimeUnit.NANOSECONDS);
    }
  }

  /** Admits a request once there is a plan, or refuses it when that takes too long. */
  void await(WaitingRoom.Guest guest) {
    if (plan != null) {
      guest.admitted();
    } else {
      room.enter(guest);
    }
  }

  /** Runs {@code then} once there is a plan, however long that takes, unless forgotten before. */
  void whenPlanned(Runnable then) {
    if (plan != null) {
      then.run();
    } else {
      waiting.add(then);
    }
  }

  void forget(Runnable then) {
    waiting.remove(then);
  }

  private void search(Target.Name spoken) {
    List<String> candidates = lane.outbound().names().candidates(spoken.host());
    if (candidates.isEmpty()) {
      external();
      return;
    }
    // Filled before any is told: a listener may run at once.
    ControlPlane control = lane.outbound().context().control();
    for (String candidate : candidates) {
      search.add(
          control
              .endpoints()
              .watch(candidate + ":" + spoken.port(), lane.loop(), _ -> judge(candidates, false)));
    }
    patience =
        lane.loop()
            .schedule(() -> judge(candidates, true), NAME_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    judge(candidates, false);
  }

  /** Takes the first candidate that exists, or goes outside when none does. */
  private void judge(List<String> candidates, boolean impatient) {
    if (found || closed || search.size() < candidates.size()) {
      return;
    }
    for (int i = 0; i < candidates.size(); i++) {
      String candidate = candidates.get(i);
      switch (search.get(i).state()) {
        case WatchState.Known<EndpointSet>(EndpointSet set) when set.exists() -> {
          found(new Target.Name(candidate, ((Target.Name) target).port()));
          return;
        }
        case WatchState.Known<EndpointSet> _ -> {}
        case WatchState.Ended<EndpointSet> _ -> {}
        case WatchState.Pending<EndpointSet> _ -> {
          if (!impatient || lane.outbound().names().isOurs(((Target.Name) target).host())) {
            return;
          }
        }
      }
    }
    external();
  }

  /** The search goes on: a service that is made later takes the name over. */
  private void external() {
    if (lane.outbound().strangers() == Outbound.Strangers.REFUSED) {
      follow(Discovered.stranger());
      return;
    }
    policy = new WatchState.Ended<>(io.grpc.Status.Code.NOT_FOUND, "an external name");
    profile = new WatchState.Ended<>(io.grpc.Status.Code.NOT_FOUND, "an external name");
    evaluate(target);
  }

  private void found(Target actual) {
    found = true;
    endSearch();
    policy = new WatchState.Pending<>();
    profile = new WatchState.Pending<>();
    ControlPlane control = lane.outbound().context().control();
    boolean mayAsk =
        switch (actual) {
          case Target.Address(InetSocketAddress address) ->
              lane.outbound()
                  .context()
                  .config()
                  .control()
                  .mayDiscover(IpAddr.of(address.getAddress()));
          case Target.Name _ -> true;
        };
    if (mayAsk) {
      profileWatch =
          control
              .profiles()
              .watch(
                  actual,
                  lane.loop(),
                  state -> {
                    profile = state;
                    evaluate(actual);
                  });
    } else {
      profile = new WatchState.Ended<>(io.grpc.Status.Code.NOT_FOUND, "outside the networks");
    }
    policyWatch =
        control
            .outboundPolicies()
            .watch(
                actual,
                lane.loop(),
                state -> {
                  policy = state;
                  evaluate(actual);
                });
  }

  private void evaluate(Target actual) {
    if (closed
        || policy instanceof WatchState.Pending<OutboundPolicy>
        || profile instanceof WatchState.Pending<Profile>) {
      return;
    }
    Profile known = profile instanceof WatchState.Known<Profile>(Profile value) ? value : null;
    follow(Discovered.of(actual, known, policy));
  }

  private void follow(Discovered next) {
    if (next.equals(discovered)) {
      return;
    }
    discovered = next;
    Plan.Mode before = plan == null ? null : plan.mode();
    Plan made = planner.plan(next);
    plan = made;
    if (before != null && before != made.mode()) {
      LOG.info(
          "protocol of target changed target={} from={} to={}; connections that exist keep theirs",
          target.text(),
          before,
          made.mode());
    }
    admit();
  }

  private void endSearch() {
    if (patience != null) {
      patience.cancel(false);
      patience = null;
    }
    search.forEach(Watch::close);
    search.clear();
  }

  private void admit() {
    room.open();
    for (WaitingRoom.Guest guest = room.next(); guest != null; guest = room.next()) {
      guest.admitted();
    }
    List<Runnable> runnable = List.copyOf(waiting);
    waiting.clear();
    runnable.forEach(Runnable::run);
  }

  private void close() {
    closed = true;
    lane.forget(this);
    endSearch();
    if (policyWatch != null) {
      policyWatch.close();
    }
    if (profileWatch != null) {
      profileWatch.close();
    }
    room.close();
    planner.close();
  }
}

package dev.weft.proxy.outbound;

import dev.weft.proxy.balance.Candidate;
import dev.weft.proxy.balance.LoadParams;
import dev.weft.proxy.balance.PowerOfTwoChoices;
import dev.weft.proxy.client.BalancerFamilies;
import dev.weft.proxy.client.BalancerMeter;
import dev.weft.proxy.client.WaitingRoom;
import dev.weft.proxy.config.QueueConfig;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.EndpointSet;
import dev.weft.proxy.metrics.Labels;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the backends of requests and of connections have in common: the endpoints there are, the
 * choice among those that are ready, and a room to wait in while none is. Discovery begins with the
 * first use. Runs on its lane's loop only.
 *
 * @param <E> what such a backend knows of an endpoint
 */
abstract class BalancedBackend<E extends BalancedBackend.Member<E>> implements Split.Part {
  /** An endpoint that takes part in the choice. */
  interface Member<E> {
    Endpoint endpoint();

    Candidate<E> candidate();
  }

  final Lane lane;
  final LoadParams load;
  final PowerOfTwoChoices<E> ready;
  final WaitingRoom room;
  final BalancerMeter meter;
  private final Dispatch.Spec spec;
  private final Map<InetSocketAddress, E> members = new HashMap<>();
  private EndpointSets.@Nullable Source source;
  private boolean started;
  private boolean closed;

  /**
   * Waits for its first use.
   *
   * @param labels of all that is counted of it
   */
  BalancedBackend(
      Lane lane, Dispatch.Spec spec, QueueConfig queue, BalancerFamilies families, Labels labels) {
    this.lane = lane;
    this.spec = spec;
    this.load =
        spec.dispatch() instanceof Dispatch.Balance balance ? balance.load() : LoadParams.DEFAULT;
    this.ready = new PowerOfTwoChoices<>(lane.outbound().context().random());
    this.meter =
        new BalancerMeter(
            families,
            lane.shard(),
            labels,
            queue.failfastTimeout(),
            lane.outbound().context().clock());
    this.room =
        new WaitingRoom(lane.loop(), queue.capacity(), queue.failfastTimeout().toNanos(), meter);
  }

  static Labels labels(Labels parent, Dispatch.Spec spec) {
    return parent.and(OutboundMetrics.service("backend", spec.ref()));
  }

  /** Makes what is known of a new endpoint; it is not among the candidates yet. */
  abstract E member(Endpoint endpoint);

  /** Whether the new endpoint can be chosen at once; else it is up to the kind of backend when. */
  abstract boolean begin(E added);

  /** The endpoint went away or the backend closes; it is no candidate any more. */
  abstract void end(E removed);

  final Dispatch.Spec spec() {
    return spec;
  }

  final boolean isClosed() {
    return closed;
  }

  @Override
  public final boolean isOpen() {
    return room.isOpen();
  }

  @Override
  public final boolean isReady() {
    return room.isOpen() && (ready.readyCount() > 0 || !started);
  }

  /** Whether this is still what is known of its endpoint. */
  final boolean isPresent(E member) {
    return members.get(member.endpoint().address()) == member;
  }

  /** It is used: begins to look for endpoints, if it did not before. */
  final void start() {
    if (!started) {
      started = true;
      source = EndpointSets.watch(lane, spec.dispatch(), this::update);
    }
  }

  private void update(EndpointSet set) {
    if (closed) {
      return;
    }
    meter.updated();
    room.hopeless(EndpointSets.hopeless(spec.dispatch(), set));
    EndpointSets.reconcile(members, Member::endpoint, set, this::remove, this::add);
    count();
    admit();
  }

  private void add(Endpoint endpoint) {
    E added = member(endpoint);
    members.put(endpoint.address(), added);
    meter.added();
    if (begin(added)) {
      ready.ready(added.candidate());
    }
  }

  private void remove(E member) {
    meter.removed();
    ready.unready(member.candidate());
    end(member);
  }

  /** What discovery said is doubted: it asks anew. */
  final void doubt() {
    if (source != null) {
      source.refresh();
    }
  }

  final void count() {
    meter.count(ready.readyCount(), members.size() - ready.readyCount());
  }

  /** Lets those in who wait, as long as an endpoint is ready. */
  final void admit() {
    if (ready.readyCount() == 0) {
      return;
    }
    room.open();
    while (ready.readyCount() > 0) {
      WaitingRoom.Guest guest = room.next();
      if (guest == null) {
        return;
      }
      guest.admitted();
    }
    room.settle();
  }

  /** Takes nothing more; what is under way goes on. */
  final void close() {
    closed = true;
    if (source != null) {
      source.close();
    }
    room.close();
    members.values().forEach(this::remove);
    members.clear();
    count();
  }
}

package dev.weft.proxy.outbound;

import dev.weft.policy.outbound.FailureAccrual;
import dev.weft.proxy.balance.Candidate;
import dev.weft.proxy.balance.LoadParams;
import dev.weft.proxy.balance.PowerOfTwoChoices;
import dev.weft.proxy.client.WaitingRoom;
import dev.weft.proxy.config.QueueConfig;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.EndpointSet;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Gauge;
import dev.weft.proxy.metrics.Labels;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where requests of one HTTP version go: endpoints, the choice among those that are ready, and a
 * room to wait in while none is. Begins to work with the first request. Runs on its lane's loop
 * only.
 *
 * <p>A changed endpoint is replaced; one that went away finishes its requests. Source:
 * facts/proxy.md 3.7 to 3.10.
 */
final class HttpBackend implements Split.Part, HttpEndpoint.Owner {
  private final Lane lane;
  private final Dispatch.Spec spec;
  private final boolean http2;
  private final LoadParams load;
  private final @Nullable FailureAccrual accrual;
  private final PowerOfTwoChoices<HttpEndpoint> ready;
  private final WaitingRoom room;
  private final Map<InetSocketAddress, HttpEndpoint> endpoints = new HashMap<>();

  /** Endpoints that are not ready because requests failed there. */
  private final Set<HttpEndpoint> asides = new HashSet<>(0);

  private final BalancerMeter meter;
  private final Gauge asideGauge;
  private final Counter trips;
  private EndpointSets.@Nullable Source source;
  private boolean started;
  private boolean closed;

  HttpBackend(Lane lane, Dispatch.Spec spec, boolean http2, Labels parent) {
    this.lane = lane;
    this.spec = spec;
    this.http2 = http2;
    Dispatch.Balance balance = spec.dispatch() instanceof Dispatch.Balance b ? b : null;
    this.load = balance == null ? LoadParams.DEFAULT : balance.load();
    this.accrual = balance == null ? null : balance.accrual();
    this.ready = new PowerOfTwoChoices<>(lane.outbound().context().random());
    Labels labels = parent.and(OutboundMetrics.service("backend", spec.ref()));
    QueueConfig queue = lane.outbound().config().path().httpQueue();
    this.meter =
        new BalancerMeter(
            lane.outbound().metrics().httpBalancers,
            lane.shard(),
            labels,
            queue.failfastTimeout(),
            lane.outbound().context().clock());
    this.room =
        new WaitingRoom(lane.loop(), queue.capacity(), queue.failfastTimeout().toNanos(), meter);
    this.asideGauge = lane.outbound().metrics().aside.get(lane.shard(), labels);
    this.trips = lane.outbound().metrics().trips.get(lane.shard(), labels);
  }

  Dispatch.Spec spec() {
    return spec;
  }

  /** Whether there is one endpoint that was not chosen among others. */
  boolean isForward() {
    return spec.dispatch() instanceof Dispatch.To;
  }

  @Override
  public boolean isOpen() {
    return room.isOpen();
  }

  @Override
  public boolean isReady() {
    return room.isOpen() && (ready.readyCount() > 0 || !started);
  }

  /** Gives the request an endpoint, now or when one is ready, or refuses it. */
  void dispatch(OutboundRequest request) {
    meter.requested();
    start();
    if (spec.dispatch() instanceof Dispatch.Fail) {
      request.refused(
          Refusal.of(
              Refusal.Cause.BACKEND_FAILS, "backend " + spec.ref().display() + " is unusable"));
      return;
    }
    choose(request, lane.nanoTime());
  }

  /** Gives an endpoint to a request that waited in the room since then. */
  void admitted(OutboundRequest request, long sinceNanos) {
    choose(request, sinceNanos);
  }

  private void choose(OutboundRequest request, long sinceNanos) {
    long now = lane.nanoTime();
    Candidate<HttpEndpoint> chosen = ready.pick(now);
    if (chosen == null) {
      request.waitsSince(sinceNanos);
      room.enter(request);
    } else {
      meter.dispatched(now - sinceNanos);
      request.attempt(chosen.target());
    }
  }

  /** Another endpoint for a request that {@code failed} did not take. */
  void dispatchOther(OutboundRequest request, HttpEndpoint failed) {
    Candidate<HttpEndpoint> chosen = ready.pickOther(failed.candidate(), lane.nanoTime());
    if (chosen != null) {
      request.attempt(chosen.target());
    } else {
      dispatch(request);
    }
  }

  /** Whether a request that {@code failed} did not take has anywhere else to go. */
  boolean hasOther(HttpEndpoint failed) {
    return ready.readyCount() > (failed.candidate().isReady() ? 1 : 0);
  }

  private void start() {
    if (started) {
      return;
    }
    started = true;
    source = EndpointSets.watch(lane, spec.dispatch(), this::update);
  }

  private void update(EndpointSet set) {
    if (closed) {
      return;
    }
    meter.updated();
    room.hopeless(EndpointSets.hopeless(spec.dispatch(), set));
    EndpointSets.reconcile(endpoints, HttpEndpoint::endpoint, set, this::removed, this::add);
    count();
    admit();
  }

  private void removed(HttpEndpoint endpoint) {
    meter.removed();
    ready.unready(endpoint.candidate());
    aside(endpoint, false);
    endpoint.close();
  }

  private void add(Endpoint endpoint) {
    HttpEndpoint added =
        new HttpEndpoint(lane, endpoint, spec.dispatch().authority(), http2, load, accrual, this);
    endpoints.put(endpoint.address(), added);
    meter.added();
    if (added.start()) {
      ready.ready(added.candidate());
    }
  }

  @Override
  public void ready(HttpEndpoint endpoint) {
    if (endpoints.get(endpoint.endpoint().address()) != endpoint) {
      return; // it was removed meanwhile
    }
    ready.ready(endpoint.candidate());
    count();
    admit();
  }

  @Override
  public void unready(HttpEndpoint endpoint) {
    ready.unready(endpoint.candidate());
    count();
  }

  @Override
  public void doubtful(HttpEndpoint endpoint) {
    if (source != null) {
      source.refresh();
    }
  }

  @Override
  public void aside(HttpEndpoint endpoint, boolean nowAside) {
    if (nowAside && asides.add(endpoint)) {
      asideGauge.add(1);
      trips.increment();
    } else if (!nowAside && asides.remove(endpoint)) {
      asideGauge.add(-1);
    }
  }

  private void count() {
    meter.count(ready.readyCount(), endpoints.size() - ready.readyCount());
  }

  private void admit() {
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

  /** Takes no more requests; those under way finish. */
  void close() {
    closed = true;
    if (source != null) {
      source.close();
    }
    room.close();
    endpoints.values().forEach(this::removed);
    endpoints.clear();
    count();
  }
}

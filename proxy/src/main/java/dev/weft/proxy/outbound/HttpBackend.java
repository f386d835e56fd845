package dev.weft.proxy.outbound;

import dev.weft.policy.outbound.FailureAccrual;
import dev.weft.proxy.balance.Candidate;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Gauge;
import dev.weft.proxy.metrics.Labels;
import java.util.HashSet;
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
final class HttpBackend extends BalancedBackend<HttpEndpoint> implements HttpEndpoint.Owner {
  private final boolean http2;
  private final @Nullable FailureAccrual accrual;

  /** Endpoints that are not ready because requests failed there. */
  private final Set<HttpEndpoint> asides = new HashSet<>(0);

  private final Gauge asideGauge;
  private final Counter trips;

  HttpBackend(Lane lane, Dispatch.Spec spec, boolean http2, Labels parent) {
    super(
        lane,
        spec,
        lane.outbound().config().path().httpQueue(),
        lane.outbound().metrics().httpBalancers,
        labels(parent, spec));
    this.http2 = http2;
    this.accrual = spec.dispatch() instanceof Dispatch.Balance balance ? balance.accrual() : null;
    Labels labels = labels(parent, spec);
    this.asideGauge = lane.outbound().metrics().aside.get(lane.shard(), labels);
    this.trips = lane.outbound().metrics().trips.get(lane.shard(), labels);
  }

  /** Whether there is one endpoint that was not chosen among others. */
  boolean isForward() {
    return spec().dispatch() instanceof Dispatch.To;
  }

  /** Gives the request an endpoint, now or when one is ready, or refuses it. */
  void dispatch(OutboundRequest request) {
    meter.requested();
    start();
    if (spec().dispatch() instanceof Dispatch.Fail) {
      request.refused(
          Refusal.of(
              Refusal.Cause.BACKEND_FAILS, "backend " + spec().ref().display() + " is unusable"));
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

  @Override
  HttpEndpoint member(Endpoint endpoint) {
    return new HttpEndpoint(
        lane, endpoint, spec().dispatch().authority(), http2, load, accrual, this);
  }

  @Override
  boolean begin(HttpEndpoint added) {
    return added.start();
  }

  @Override
  void end(HttpEndpoint removed) {
    aside(removed, false);
    removed.close();
  }

  @Override
  public void ready(HttpEndpoint endpoint) {
    if (isPresent(endpoint)) { // it may have been removed meanwhile
      ready.ready(endpoint.candidate());
      count();
      admit();
    }
  }

  @Override
  public void unready(HttpEndpoint endpoint) {
    ready.unready(endpoint.candidate());
    count();
  }

  @Override
  public void doubtful(HttpEndpoint endpoint) {
    doubt();
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
}

package dev.weft.proxy.outbound;

import dev.weft.policy.route.RouteHit;
import dev.weft.policy.route.RouteTable;
import dev.weft.proxy.client.WaitingRoom;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.forward.Answers;
import dev.weft.proxy.forward.Forward;
import dev.weft.proxy.forward.ForwardListener;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.forward.RequestFilters;
import dev.weft.proxy.forward.RequestView;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerExchange;
import dev.weft.proxy.tls.PeerId;
import io.netty.util.AsciiString;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One request's way through the outbound side: route, filters, backend, endpoint, and what is
 * counted of it. Runs on its lane's loop only.
 *
 * <p>An endpoint that cannot be connected, or that surely did nothing, is replaced by another one
 * of the same backend. Source: facts/proxy.md 3.4 to 3.10, 3.14.
 */
final class OutboundRequest implements ForwardListener, WaitingRoom.Guest {
  private final Lane lane;
  private final TargetStack stack;
  private final Forward forward;
  private final long receivedNanos;
  private final @Nullable PeerId requiredId;
  private final boolean requiresId;
  private @Nullable HttpBackend backend;
  private HttpRule.@Nullable ToBackend toBackend;
  private @Nullable RequestFilters ruleFilters;
  private @Nullable RouteMeter routeMeter;
  private @Nullable HttpEndpoint endpoint;
  private RouteError error = RouteError.NONE;
  private long waitsSinceNanos;
  private long sentNanos;
  private int status;
  private @Nullable String grpcStatus;

  /** Whether it counts against the limit of requests without response head. */
  private boolean inFlight;

  /** Whether it weighs on the endpoint's load. */
  private boolean pending;

  /**
   * Takes over a request.
   *
   * @param stack held by the request until it is over
   */
  OutboundRequest(
      Lane lane, TargetStack stack, RequestHead head, ServerExchange exchange, boolean end) {
    this.lane = lane;
    this.stack = stack;
    this.receivedNanos = lane.nanoTime();
    AsciiString required = head.headers.get(HeaderNames.L5D_REQUIRE_ID);
    head.headers.remove(HeaderNames.L5D_REQUIRE_ID);
    head.headers.remove(HeaderNames.L5D_ORIG_PROTO);
    this.requiredId = required == null ? null : PeerId.parse(required.toString()).orElse(null);
    this.requiresId = requiredId != null;
    this.forward =
        new Forward(head, exchange, false, end, Answers.verbose(lane.outbound().verbose()), this);
  }

  Forward forward() {
    return forward;
  }

  /** Sends it on its way, once the policy of the target is known. */
  void begin() {
    if (!lane.enter()) {
      refused(Refusal.LOAD_SHED);
      return;
    }
    inFlight = true;
    stack.await(
        new WaitingRoom.Guest() {
          @Override
          public void admitted() {
            route();
          }

          @Override
          public void refused(Refusal refusal) {
            OutboundRequest.this.refused(refusal);
          }

          @Override
          public boolean hasLeft() {
            return forward.isOver();
          }
        });
  }

  private void route() {
    RequestHead head = forward.head();
    RouteTable<HttpRule> routes = stack.plan().routes(head.version);
    RouteHit<HttpRule> hit = routes == null ? null : routes.find(new RequestView(head));
    if (hit == null) {
      refused(Refusal.NO_ROUTE);
      return;
    }
    HttpRule rule = hit.target();
    routeMeter = rule.meters().of(head);
    RandomGenerator random = lane.outbound().context().random();
    Refusal filtered = rule.filters().request(head, hit.match(), random);
    if (filtered != null) {
      refused(filtered.in("route " + rule.route().display()));
      return;
    }
    ruleFilters = rule.filters();
    Split.Leg<HttpBackend, HttpRule.ToBackend> leg = rule.split().choose(random);
    if (leg == null) {
      refused(Refusal.LOAD_SHED.in("route " + rule.route().display()));
      return;
    }
    filtered = leg.filters().filters().request(head, hit.match(), random);
    if (filtered != null) {
      refused(filtered.in("route " + rule.route().display()));
      return;
    }
    backend = leg.backend();
    toBackend = leg.filters();
    leg.filters().meter().requested();
    leg.backend().dispatch(this);
  }

  /** An endpoint was chosen. */
  void attempt(HttpEndpoint chosen) {
    if (requiresId && !identified(chosen)) {
      refused(
          Refusal.of(
                  Refusal.Cause.IDENTITY_REQUIRED,
                  "required identity " + requiredId + " is not that of the endpoint")
              .in("endpoint " + chosen.text()));
      return;
    }
    endpoint = chosen;
    pending = true;
    sentNanos = lane.nanoTime();
    chosen.candidate().load().start();
    chosen.send(forward);
  }

  private boolean identified(HttpEndpoint chosen) {
    Endpoint.EndpointTls tls = chosen.meshed() ? chosen.endpoint().tls() : null;
    return tls != null && tls.identity().equals(requiredId);
  }

  // As a guest of a backend's waiting room.

  @Override
  public void admitted() {
    if (backend != null) {
      backend.admitted(this, waitsSinceNanos);
    }
  }

  /** It enters a backend's waiting room. */
  void waitsSince(long nanos) {
    waitsSinceNanos = nanos;
  }

  @Override
  public void refused(Refusal refusal) {
    forward.refuse(
        backend == null
            ? refusal.in("logical service " + stack.target().text())
            : refusal.in(backend.spec().layer()).in("logical service " + stack.target().text()));
  }

  @Override
  public boolean hasLeft() {
    return forward.isOver();
  }

  // What happens to the request.

  @Override
  public void onRequest(RequestHead head) {
    HttpEndpoint to = endpoint;
    if (to == null) {
      return;
    }
    to.meter().requested();
    String override = to.authorityOverride();
    if (override != null) {
      head.authority = AsciiString.of(override);
      head.headers.remove(HeaderNames.HOST);
      head.headers.remove(HeaderNames.L5D_DST_CANONICAL);
    } else if (to.shares(forward)
        && head.version.isHttp1()
        && head.effectiveAuthority().isEmpty()) {
      head.authority = AsciiString.of(stack.target().text());
    }
  }

  @Override
  public void onResponse(ResponseHead head, boolean end) {
    answered();
    status = head.status;
    grpcStatus = forward.isGrpc() ? ResponseClass.grpcStatus(head.headers) : null;
    head.headers.remove(HeaderNames.L5D_ORIG_PROTO);
    head.headers.remove(HeaderNames.L5D_PROXY_ERROR);
    AsciiString connection = head.headers.get(HeaderNames.L5D_PROXY_CONNECTION);
    if (connection != null) {
      head.headers.remove(HeaderNames.L5D_PROXY_CONNECTION);
      boolean forwardsClose =
          backend != null && backend.isForward() && endpoint != null && endpoint.meshed();
      if (forwardsClose && connection.contentEqualsIgnoreCase(HeaderNames.CLOSE)) {
        forward.server().connection().drain();
      }
    }
    if (toBackend != null) {
      toBackend.filters().response(head);
    }
    if (ruleFilters != null) {
      ruleFilters.response(head);
    }
  }

  @Override
  public void onRequestData(int bytes) {
    if (routeMeter != null) {
      routeMeter.frame(bytes);
    }
  }

  @Override
  public void onFirstData() {
    measured();
  }

  @Override
  public void onData(int bytes) {
    if (toBackend != null) {
      toBackend.meter().frame(bytes);
    }
  }

  @Override
  public void onTrailers(HeaderBlock trailers) {
    if (forward.isGrpc() && grpcStatus == null) {
      grpcStatus = ResponseClass.grpcStatus(trailers);
    }
  }

  @Override
  public void onEnd(@Nullable Reset failure) {
    measured();
    error = failure == null ? RouteError.NONE : RouteError.of(failure);
    if (failure == null) {
      count(ResponseClass.whole(status, forward.isGrpc(), grpcStatus));
    } else if (status != 0
        || failure.origin() == Reset.Origin.LOCAL
        || (failure.origin() == Reset.Origin.PEER && !forward.head().version.isHttp1())) {
      count(ResponseClass.failed(status, failure));
    }
    // Else it is sent again, or answered in place of the endpoint: see onRefused.
  }

  @Override
  public boolean resend(Forward request, Reset reason) {
    HttpEndpoint failed = endpoint;
    HttpBackend from = backend;
    if (failed == null || from == null) {
      return false;
    }
    if (pending) {
      // No connection was made: as slow as can be, so that others are preferred for a while.
      pending = false;
      failed
          .candidate()
          .load()
          .finish(lane.outbound().config().path().connect().timeout().toNanos(), lane.nanoTime());
      if (!from.hasOther(failed)) {
        return false; // the only endpoint refuses connections: the client is told at once
      }
    }
    from.dispatchOther(this, failed);
    return true;
  }

  @Override
  public void onRefused(Refusal refusal) {
    switch (refusal.cause()) {
      // Made where the endpoint would have answered, and counted as its answer.
      case BAD_GATEWAY, CONNECT_TIMEOUT -> {
        error = RouteError.NONE;
        status = refusal.status();
        grpcStatus = Integer.toString(refusal.grpcStatus());
        count(ResponseClass.whole(status, forward.isGrpc(), grpcStatus));
      }
      default -> {
        error = RouteError.of(refusal.cause());
        lane.outbound().countHttpError(lane, refusal);
      }
    }
  }

  private void count(ResponseClass response) {
    if (endpoint != null) {
      endpoint.meter().responded(response, lane.nanoTime() - receivedNanos);
    }
    if (toBackend != null) {
      toBackend.meter().responded(response, error, lane.nanoTime() - sentNanos);
    }
  }

  @Override
  public void onOver() {
    answered();
    if (routeMeter != null) {
      routeMeter.ended(
          ResponseClass.whole(status, forward.isGrpc(), grpcStatus),
          error,
          lane.nanoTime() - receivedNanos);
    }
    if (pending && endpoint != null) {
      pending = false;
      endpoint.candidate().load().release();
    }
    stack.release();
  }

  private void answered() {
    if (inFlight) {
      inFlight = false;
      lane.leave();
    }
  }

  private void measured() {
    if (pending && endpoint != null) {
      pending = false;
      long now = lane.nanoTime();
      endpoint.candidate().load().finish(now - sentNanos, now);
    }
  }
}

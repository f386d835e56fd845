package dev.weft.proxy.outbound;

import dev.weft.policy.route.HttpRouteMatch;
import dev.weft.policy.route.RouteHit;
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
import dev.weft.proxy.tap.TapStream;
import dev.weft.proxy.tap.Taps;
import dev.weft.proxy.tls.PeerId;
import dev.weft.proxy.trace.Direction;
import dev.weft.proxy.trace.RequestTrace;
import dev.weft.proxy.trace.Tracer;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One request's way through the outbound side: route, filters, backend, endpoint, its clocks and
 * retries, and what is counted of it. Runs on its lane's loop only.
 *
 * <p>An endpoint that cannot be connected, or that surely did nothing, is replaced by another one
 * of the same backend. What an endpoint did answer is asked for again only where the rule says so,
 * and then of any backend of the rule. Source: facts/proxy.md 3.4 to 3.10, 3.14 to 3.16.
 */
final class OutboundRequest implements ForwardListener, WaitingRoom.Guest, RequestTimers.Expiry {
  /** With which gRPC calls are refused. */
  private static final int GRPC_HTTP_STATUS = 200;

  private final Lane lane;
  private final TargetStack stack;
  private final Forward forward;
  private final long receivedNanos;
  private final @Nullable PeerId requiredId;
  private final boolean requiresId;

  /** Null where the request belongs to no trace that is recorded. */
  private final @Nullable RequestTrace trace;

  private @Nullable HttpBackend backend;
  private HttpRule.@Nullable ToBackend toBackend;
  private @Nullable RouteMeter routeMeter;
  private @Nullable HttpRule rule;
  private @Nullable HttpRouteMatch match;

  /** Of rules with clocks only. */
  private @Nullable RequestTimers timers;

  /** Of rules with retries only. */
  private @Nullable RetryState retries;

  /** The headers before a backend's filters changed them; of rules with retries only. */
  private @Nullable HeaderBlock pristine;

  private @Nullable Future<?> pause;
  private @Nullable HttpEndpoint endpoint;
  private @Nullable TapStream tapped;
  private RouteError error = RouteError.NONE;
  private long waitsSinceNanos;
  private long sentNanos;
  private int status;
  private @Nullable String grpcStatus;

  /** Whether this attempt decides over an endpoint that was put aside. */
  private boolean probe;

  /** Which time is over; null for none. */
  private @Nullable RouteError timedOut;

  /** How the attempt before counts. */
  private @Nullable ResponseClass last;

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
    this.trace = traced(head);
    AsciiString required = head.headers.get(HeaderNames.L5D_REQUIRE_ID);
    head.headers.remove(HeaderNames.L5D_REQUIRE_ID);
    head.headers.remove(HeaderNames.L5D_ORIG_PROTO);
    this.requiredId = required == null ? null : PeerId.parse(required.toString()).orElse(null);
    this.requiresId = requiredId != null;
    this.forward =
        new Forward(head, exchange, false, end, Answers.verbose(lane.outbound().verbose()), this);
  }

  private @Nullable RequestTrace traced(RequestHead head) {
    Tracer tracer = lane.outbound().context().telemetry().tracer();
    return tracer == null ? null : tracer.begin(Direction.OUTBOUND, head);
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
    HttpRoutes routes = stack.plan().routes(head.version);
    RouteHit<HttpRule> hit = routes == null ? null : routes.find(new RequestView(head));
    if (hit == null) {
      refused(Refusal.NO_ROUTE);
      return;
    }
    HttpRule found = hit.target();
    rule = found;
    match = hit.match();
    RouteMeter counts = found.meters().of(head);
    routeMeter = counts;
    Refusal filtered = found.filters().request(head, match, lane.outbound().context().random());
    if (filtered != null) {
      refused(filtered.in("route " + found.route().display()));
      return;
    }
    if (found.conduct() != Conduct.PATIENT) {
      conduct(found, counts);
    }
    if (found.profile() != null) {
      found.profile().meter().requested();
    }
    distribute(found);
  }

  /** Starts clocks and retries. */
  private void conduct(HttpRule found, RouteMeter counts) {
    Conduct conduct = found.conduct();
    if (conduct.obeysHeaders()) {
      conduct = RequestOverrides.apply(conduct, forward.head().headers);
    }
    RetryRule retry = conduct.retry();
    if (retry != null) {
      retries = new RetryState(retry, counts, found.profile(), lane.outbound().context().random());
      if (retry.budget() != null) {
        retry.budget().deposit(lane.nanoTime());
      }
    }
    if (conduct.isTimed()) {
      timers = new RequestTimers(lane.loop(), lane.outbound().context().ticker(), conduct, this);
    }
  }

  private void distribute(HttpRule found) {
    RandomGenerator random = lane.outbound().context().random();
    Split.Leg<HttpBackend, HttpRule.ToBackend> leg = found.split().choose(random);
    if (leg == null) {
      refused(Refusal.LOAD_SHED.in("route " + found.route().display()));
      return;
    }
    RequestFilters filters = leg.filters().filters();
    if (filters != RequestFilters.NONE) {
      RequestHead head = forward.head();
      if (retries != null && pristine == null) {
        pristine = head.headers.copy();
      }
      Refusal filtered = filters.request(head, match, random);
      if (filtered != null) {
        refused(filtered.in("route " + found.route().display()));
        return;
      }
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
    probe = chosen.take();
    pending = true;
    sentNanos = lane.nanoTime();
    if (tapped != null) {
      tapped.end(null, null);
      tapped = null;
    }
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
    if (refusal.cause() == Refusal.Cause.FAIL_FAST && forward.canResend() && mayRetry()) {
      again();
      return;
    }
    forward.refuse(
        backend == null
            ? refusal.in("logical service " + stack.target().text())
            : refusal.in(backend.spec().layer()).in("logical service " + stack.target().text()));
  }

  @Override
  public boolean hasLeft() {
    return forward.isOver();
  }

  // Retries.

  /** Decides over another attempt, and counts the decision. */
  private boolean mayRetry() {
    return retries != null
        && rule != null
        && retries.grant(forward.receivedBytes(), rule.split().isReady(), lane.nanoTime());
  }

  @Override
  public Verdict judge(ResponseHead head, boolean end) {
    RetryState state = retries;
    if (state == null) {
      return Verdict.PASS;
    }
    RetryOn on = state.rule().on();
    String code = forward.isGrpc() ? ResponseClass.grpcStatus(head.headers) : null;
    boolean unwanted = on.status(head.status) || (code != null && on.code(number(code)));
    if (!unwanted) {
      boolean trailersDecide =
          forward.isGrpc() && code == null && !end && on.readsCodes() && state.hasMore();
      return trailersDecide ? Verdict.HOLD : Verdict.PASS;
    }
    if (!mayRetry()) {
      return Verdict.PASS;
    }
    dropped(head, code);
    return Verdict.RETRY;
  }

  @Override
  public boolean retries(ResponseHead head, HeaderBlock trailers) {
    String code = ResponseClass.grpcStatus(trailers);
    if (code == null || retries == null || !retries.rule().on().code(number(code)) || !mayRetry()) {
      return false;
    }
    dropped(head, code);
    return true;
  }

  @Override
  public boolean retries(Refusal refusal) {
    if (retries == null) {
      return false;
    }
    RetryOn on = retries.rule().on();
    boolean unwanted =
        forward.isGrpc()
            ? on.code(refusal.grpcStatus()) || on.status(refusal.status())
            : on.status(refusal.status());
    if (!unwanted || !mayRetry()) {
      return false;
    }
    count(synthesized(refusal));
    return true;
  }

  /** A response that the client never sees counts for the endpoint like any other. */
  private void dropped(ResponseHead head, @Nullable String code) {
    status = head.status;
    grpcStatus = code;
    if (trace != null) {
      trace.attempted(status);
    }
    measured(head.headers);
    count(ResponseClass.whole(status, forward.isGrpc(), grpcStatus));
  }

  @Override
  public void onTakenBack() {
    again();
  }

  /** Sends the request, which waits, on its way once more. */
  private void again() {
    if (timers != null) {
      timers.restart();
    }
    unload();
    status = 0;
    grpcStatus = null;
    long nanos = retries == null ? 0 : retries.pauseNanos();
    if (nanos > 0) {
      pause = lane.loop().schedule(this::redistribute, nanos, TimeUnit.NANOSECONDS);
    } else {
      redistribute();
    }
  }

  private void redistribute() {
    pause = null;
    if (forward.isOver() || rule == null) {
      return;
    }
    if (pristine != null) {
      forward.head().headers = pristine.copy();
    }
    distribute(rule);
  }

  private static int number(String code) {
    try {
      return Integer.parseInt(code);
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  // Clocks.

  @Override
  public void onSent() {
    if (timers != null) {
      timers.sent(retries != null && retries.hasMore());
    }
  }

  @Override
  public void onProgress() {
    if (timers != null) {
      timers.progressed();
    }
  }

  @Override
  public void expired(RequestTimers.Kind kind) {
    HttpRule of = rule;
    RequestTimers clocks = timers;
    if (of == null || clocks == null) {
      return;
    }
    timedOut = kind.error();
    boolean again = kind == RequestTimers.Kind.ATTEMPT && forward.canResend() && mayRetry();
    if (again && forward.takeBack()) {
      error = timedOut;
      count(ResponseClass.timedOut(status));
      timedOut = null;
      again();
      return;
    }
    forward.refuse(
        Refusal.of(
                kind == RequestTimers.Kind.PROFILE
                    ? Refusal.Cause.PROFILE_TIMEOUT
                    : Refusal.Cause.TIMEOUT,
                clocks.text(kind))
            .in("route " + of.route().display())
            .in("logical service " + stack.target().text()));
  }

  // What happens to the request.

  @Override
  public void onRequest(RequestHead head) {
    HttpEndpoint to = endpoint;
    if (to == null) {
      return;
    }
    to.meter().requested();
    ProfileRule profile = rule == null ? null : rule.profile();
    if (profile != null) {
      head.headers.set(HeaderNames.L5D_DST_CANONICAL, profile.canonical());
      profile.meter().attempted();
    }
    tapped = tap(to, head);
    if (trace != null) {
      trace.sent(head);
    }
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

  private @Nullable TapStream tap(HttpEndpoint to, RequestHead head) {
    Taps taps = lane.outbound().context().telemetry().taps();
    if (!taps.any()
        || !(forward.server().connection().channel().remoteAddress()
            instanceof InetSocketAddress client)) {
      return null;
    }
    return taps.open(
        new TappedRequest(client, to.endpoint(), lane.outbound().route().isLocal(to.endpoint())),
        head);
  }

  @Override
  public void onResponse(ResponseHead head, boolean end) {
    answered();
    if (timers != null) {
      timers.answered();
    }
    if (tapped != null) {
      tapped.response(head);
    }
    status = head.status;
    if (trace != null) {
      trace.attempted(status);
      trace.answered(status);
    }
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
    if (endpoint != null && endpoint.penalizes(head.status, grpcStatus)) {
      measured(head.headers);
    }
    if (toBackend != null) {
      toBackend.filters().response(head);
    }
    if (rule != null) {
      rule.filters().response(head);
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
    if (tapped != null) {
      tapped.data(bytes);
    }
  }

  @Override
  public void onTrailers(HeaderBlock trailers) {
    if (forward.isGrpc() && grpcStatus == null) {
      grpcStatus = ResponseClass.grpcStatus(trailers);
    }
    if (tapped != null) {
      tapped.end(grpcStatus, trailers);
    }
  }

  @Override
  public void onEnd(@Nullable Reset failure) {
    measured();
    if (tapped != null && failure == null) {
      tapped.end(grpcStatus, null);
    } else if (tapped != null && failure != null && isFinal(failure)) {
      tapped.reset(failure);
    }
    error = failure == null ? RouteError.NONE : RouteError.of(failure);
    if (failure == null) {
      ResponseClass whole = ResponseClass.whole(status, forward.isGrpc(), grpcStatus);
      count(whole);
      if (retries != null && whole.success()) {
        retries.succeeded();
      }
    } else if (timedOut != null) {
      error = timedOut;
      count(ResponseClass.timedOut(status));
    } else if (isFinal(failure)) {
      count(ResponseClass.failed(status, failure));
    }
    // Else it is sent again, or answered in place of the endpoint: see onRefused.
  }

  /** Whether the client sees this failure, rather than another attempt or an answer of ours. */
  private boolean isFinal(Reset failure) {
    return status != 0
        || failure.origin() == Reset.Origin.LOCAL
        || (failure.origin() == Reset.Origin.PEER && !forward.head().version.isHttp1());
  }

  @Override
  public boolean resend(Forward request, Reset reason) {
    HttpEndpoint failed = endpoint;
    HttpBackend from = backend;
    if (failed == null || from == null) {
      return false;
    }
    if (timers != null) {
      timers.restart();
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
      failed.responded(false, false, probe);
      probe = false;
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
        if (trace != null) {
          trace.attempted(status);
        }
        if (tapped != null) {
          tapped.response(ResponseHead.of(status));
        }
        grpcStatus = Integer.toString(refusal.grpcStatus());
        count(synthesized(refusal));
      }
      default -> {
        error = timedOut == null ? RouteError.of(refusal.cause()) : timedOut;
        lane.outbound().countHttpError(lane, refusal);
      }
    }
    if (trace != null) {
      trace.answered(forward.isGrpc() ? GRPC_HTTP_STATUS : refusal.status());
    }
  }

  private ResponseClass synthesized(Refusal refusal) {
    return ResponseClass.whole(
        refusal.status(), forward.isGrpc(), Integer.toString(refusal.grpcStatus()));
  }

  private void count(ResponseClass response) {
    if (endpoint != null) {
      endpoint.meter().responded(response, lane.nanoTime() - receivedNanos);
      endpoint.responded(response.success(), response.limited(), probe);
      probe = false;
    }
    if (toBackend != null) {
      toBackend.meter().responded(response, error, lane.nanoTime() - sentNanos);
    }
    last = response;
    if (rule != null && rule.profile() != null) {
      rule.profile().meter().attemptOver(response);
    }
  }

  @Override
  public void onOver() {
    answered();
    if (tapped != null) {
      tapped.end(grpcStatus, null);
    }
    if (routeMeter != null) {
      routeMeter.ended(
          ResponseClass.whole(status, forward.isGrpc(), grpcStatus),
          error,
          lane.nanoTime() - receivedNanos);
    }
    unload();
    if (timers != null) {
      timers.close();
    }
    if (pause != null) {
      pause.cancel(false);
    }
    if (rule != null && rule.profile() != null && last != null) {
      rule.profile().meter().responded(last, lane.nanoTime() - receivedNanos);
    }
    stack.release();
  }

  /** The endpoint has nothing more to do with the request. */
  private void unload() {
    HttpEndpoint left = endpoint;
    if (left == null) {
      return;
    }
    if (pending) {
      pending = false;
      left.candidate().load().release();
    }
    if (probe) {
      probe = false;
      left.released();
    }
    endpoint = null;
  }

  private void answered() {
    if (inFlight) {
      inFlight = false;
      lane.leave();
    }
  }

  /** The endpoint answered; how long that took says how loaded it is. */
  private void measured() {
    if (pending && endpoint != null) {
      pending = false;
      long now = lane.nanoTime();
      endpoint.candidate().load().finish(now - sentNanos, now);
    }
  }

  /** The same, of a response with these headers, which may say that the endpoint has too much. */
  private void measured(HeaderBlock headers) {
    if (pending && endpoint != null && endpoint.penalizes(status, grpcStatus)) {
      pending = false;
      endpoint.penalize(headers, status, grpcStatus);
    } else {
      measured();
    }
  }
}

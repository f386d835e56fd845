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
import dev.weft.proxy.tls.PeerId;
import dev.weft.proxy.trace.Direction;
import dev.weft.proxy.trace.RequestTrace;
import dev.weft.proxy.trace.Tracer;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One request's way through the outbound side: route, filters, backend, its clocks and retries, and
 * what is counted of it for route and backend. Runs on its lane's loop only. Its time at an
 * endpoint is an {@link EndpointAttempt}.
 *
 * <p>An endpoint that cannot be connected, or that surely did nothing, is replaced by another one
 * of the same backend. What an endpoint did answer is asked for again only where the rule says so,
 * and then of any backend of the rule. Source: facts/proxy.md 3.4 to 3.10, 3.14 to 3.16.
 */
final class OutboundRequest implements ForwardListener, WaitingRoom.Guest, RequestTimers.Expiry {
  private final Lane lane;
  private final TargetStack stack;
  private final Forward forward;
  private final long receivedNanos;
  private final @Nullable PeerId requiredId;
  private final boolean requiresId;

  private final EndpointAttempt attempt;
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
  private RouteError error = RouteError.NONE;
  private long waitsSinceNanos;

  /** Which time is over; null for none. */
  private @Nullable RouteError timedOut;

  /** How the attempt before counts. */
  private @Nullable ResponseClass last;

  /** Whether it counts against the limit of requests without response head. */
  private boolean inFlight;

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
    RequestTrace trace = traced(lane, head);
    AsciiString required = head.headers.get(HeaderNames.L5D_REQUIRE_ID);
    head.headers.remove(HeaderNames.L5D_REQUIRE_ID);
    head.headers.remove(HeaderNames.L5D_ORIG_PROTO);
    this.requiredId = required == null ? null : PeerId.parse(required.toString()).orElse(null);
    this.requiresId = requiredId != null;
    this.forward =
        new Forward(head, exchange, false, end, Answers.verbose(lane.outbound().verbose()), this);
    this.attempt = new EndpointAttempt(lane, forward, trace, receivedNanos);
  }

  private static @Nullable RequestTrace traced(Lane lane, RequestHead head) {
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
    stack.await(this);
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
    attempt.begin(chosen);
  }

  private boolean identified(HttpEndpoint chosen) {
    Endpoint.EndpointTls tls = chosen.meshed() ? chosen.endpoint().tls() : null;
    return tls != null && tls.identity().equals(requiredId);
  }

  // As a guest of two waiting rooms: of the target's until its policy is known, then of a
  // backend's.

  @Override
  public void admitted() {
    if (backend == null) {
      route();
    } else {
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
    attempt.dropped(head, code);
    count(attempt.whole());
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
    attempt.forget();
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
      count(attempt.timedOut());
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
    HttpEndpoint to = attempt.endpoint();
    if (to == null) {
      return;
    }
    ProfileRule profile = rule == null ? null : rule.profile();
    if (profile != null) {
      head.headers.set(HeaderNames.L5D_DST_CANONICAL, profile.canonical());
      profile.meter().attempted();
    }
    attempt.sent(to, head);
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
    if (timers != null) {
      timers.answered();
    }
    attempt.answered(head);
    head.headers.remove(HeaderNames.L5D_ORIG_PROTO);
    head.headers.remove(HeaderNames.L5D_PROXY_ERROR);
    AsciiString connection = head.headers.get(HeaderNames.L5D_PROXY_CONNECTION);
    if (connection != null) {
      head.headers.remove(HeaderNames.L5D_PROXY_CONNECTION);
      HttpEndpoint from = attempt.endpoint();
      boolean forwardsClose =
          backend != null && backend.isForward() && from != null && from.meshed();
      if (forwardsClose && connection.contentEqualsIgnoreCase(HeaderNames.CLOSE)) {
        forward.server().connection().drain();
      }
    }
    attempt.penalized(head.headers);
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
    attempt.measured();
  }

  @Override
  public void onData(int bytes) {
    if (toBackend != null) {
      toBackend.meter().frame(bytes);
    }
    attempt.data(bytes);
  }

  @Override
  public void onTrailers(HeaderBlock trailers) {
    attempt.trailers(trailers);
  }

  @Override
  public void onEnd(@Nullable Reset failure) {
    attempt.ended(failure);
    error = failure == null ? RouteError.NONE : RouteError.of(failure);
    if (failure == null) {
      ResponseClass whole = attempt.whole();
      count(whole);
      if (retries != null && whole.success()) {
        retries.succeeded();
      }
    } else if (timedOut != null) {
      error = timedOut;
      count(attempt.timedOut());
    } else if (attempt.isFinal(failure)) {
      count(attempt.failed(failure));
    }
    // Else it is sent again, or answered in place of the endpoint: see onRefused.
  }

  @Override
  public boolean resend(Forward request, Reset reason) {
    HttpEndpoint failed = attempt.endpoint();
    HttpBackend from = backend;
    if (failed == null || from == null) {
      return false;
    }
    if (timers != null) {
      timers.restart();
    }
    if (!attempt.unprocessed(failed, from)) {
      return false;
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
        attempt.replaced(refusal);
        count(synthesized(refusal));
      }
      default -> {
        error = timedOut == null ? RouteError.of(refusal.cause()) : timedOut;
        lane.outbound().countHttpError(lane, refusal);
      }
    }
    attempt.refused(refusal);
  }

  private ResponseClass synthesized(Refusal refusal) {
    return ResponseClass.whole(
        refusal.status(), forward.isGrpc(), Integer.toString(refusal.grpcStatus()));
  }

  private void count(ResponseClass response) {
    attempt.count(response);
    if (toBackend != null) {
      toBackend.meter().responded(response, error, lane.nanoTime() - attempt.sentNanos());
    }
    last = response;
    if (rule != null && rule.profile() != null) {
      rule.profile().meter().attemptOver(response);
    }
  }

  @Override
  public void onOver() {
    answered();
    attempt.unwatched();
    if (routeMeter != null) {
      routeMeter.ended(attempt.whole(), error, lane.nanoTime() - receivedNanos);
    }
    attempt.leave();
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

  private void answered() {
    if (inFlight) {
      inFlight = false;
      lane.leave();
    }
  }
}

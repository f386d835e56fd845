package dev.weft.proxy.inbound;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.Decision;
import dev.weft.policy.inbound.InboundEvaluator;
import dev.weft.policy.inbound.InboundProtocol;
import dev.weft.policy.inbound.Permit;
import dev.weft.policy.inbound.RuleFilters;
import dev.weft.policy.route.HttpRouteMatch;
import dev.weft.proxy.accesslog.AccessLog;
import dev.weft.proxy.config.DenialDetail;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.forward.Answers;
import dev.weft.proxy.forward.OrigProto;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.forward.RequestFilters;
import dev.weft.proxy.http.ExchangeHandler;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.RequestListener;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.http.ServerExchange;
import dev.weft.proxy.http.TargetForm;
import dev.weft.proxy.tap.TapStream;
import dev.weft.proxy.tap.Taps;
import dev.weft.proxy.tls.PeerId;
import dev.weft.proxy.trace.Direction;
import dev.weft.proxy.trace.RequestTrace;
import dev.weft.proxy.trace.Tracer;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection: each is judged by the policy of the port, marked with who the
 * client is, and sent to the application. Runs on the connection's loop only.
 *
 * <p>Requests that are under way when the policy changes are judged again; what is no longer
 * allowed is ended, so that taking a permission away also ends streams and tunnels made with it.
 * Source: facts/proxy.md 2.6 to 2.8.
 */
final class HttpSession implements ExchangeHandler {
  private static final AsciiString UPGRADE_VALUE = AsciiString.cached("upgrade");
  private static final String DENIED = "unauthorized request";
  private static final PolicyRef NO_ROUTE = PolicyRef.builtin("default");

  /** Authorities of one connection whose counters are at hand. */
  private static final int MAX_NAMED_SERIES = 64;

  private final Worker worker;
  private final Peer peer;
  private final PortPolicies.Lease lease;
  private final Onward onward;
  private final InboundMetrics.Of labels;
  private final Answers answers;

  /** The answers to requests that policy denies. */
  private final Answers toDenied;

  private final @Nullable AsciiString clientId;
  private final JudgedRequest view;
  private final Map<Permit, RequestSeries> series = new IdentityHashMap<>(2);

  /** The same where the authority is a label: by what clients say, so it is emptied when full. */
  private final Map<Named, RequestSeries> namedSeries = new HashMap<>(2);

  private final Map<RuleFilters, RequestFilters> filters = new IdentityHashMap<>(2);

  /** The evaluator of whose permits and filters the two maps know. */
  private InboundEvaluator evaluator;

  /** Head of the list of requests that are allowed and not over. */
  private @Nullable InboundExchange active;

  HttpSession(Worker worker, Peer peer, PortPolicies.Lease lease, Onward onward) {
    this.onward = onward;
    this.worker = worker;
    this.peer = peer;
    this.lease = lease;
    this.labels = new InboundMetrics.Of(peer);
    this.evaluator = lease.evaluator();
    PeerId identity = peer.identity();
    this.answers = Answers.verbose(identity != null);
    this.toDenied =
        worker.config().denialDetail() == DenialDetail.ALWAYS ? Answers.VERBOSE : answers;
    this.clientId = identity == null ? null : AsciiString.of(identity.text());
    this.view =
        new JudgedRequest(
            peer.direct()
                ? AsciiString.EMPTY_STRING
                : AsciiString.of(Endpoint.text(peer.target())));
  }

  @Override
  public RequestListener onRequest(RequestHead head, ServerExchange exchange, boolean end) {
    RequestTrace trace = traced(head);
    boolean carried = OrigProto.restore(head);
    identify(head);
    if (evaluator != lease.evaluator()) {
      evaluator = lease.evaluator();
      series.clear();
      namedSeries.clear();
      filters.clear();
    }
    Decision decision = view.judge(evaluator, peer.client(), head);
    Answers told = decision instanceof Decision.Denied ? toDenied : answers;
    InboundExchange request = new InboundExchange(this, head, exchange, carried, end, told, trace);
    switch (decision) {
      case Decision.Allowed(Permit permit, RuleFilters filters) ->
          admit(request, head, permit, filters);
      case Decision.Denied denied -> deny(request, denied);
      case Decision.NoRoute noRoute -> {
        worker.metrics().routeNotFound(worker.shard(), labels, noRoute.server());
        worker.log().denied(peer, noRoute.reason());
        request.refuse(Refusal.of(Refusal.Cause.NO_ROUTE, noRoute.reason()));
      }
    }
    return request;
  }

  @Override
  public void onRefused(ServerConnection connection, dev.weft.proxy.http.Refusal refusal) {
    worker
        .log()
        .refused(peer.address(), peer.target(), "request refused; cause: " + refusal.cause());
  }

  /** The policy changed: what it no longer allows ends. */
  void judgeAgain() {
    InboundEvaluator now = lease.evaluator();
    List<InboundExchange> underWay = new ArrayList<>();
    for (InboundExchange request = active; request != null; request = request.next()) {
      underWay.add(request);
    }
    for (InboundExchange request : underWay) {
      if (view.judge(now, peer.client(), request.judged()) instanceof Decision.Denied denied) {
        worker.log().terminated(peer, denied.reason());
        worker.meters().denied(denied, lease.port());
        request.refuse(unauthorized(denied));
      }
    }
  }

  private void admit(
      InboundExchange request, RequestHead head, Permit permit, RuleFilters filters) {
    RequestSeries counts = counts(permit, head);
    counts.allowed();
    if (permit.audit()) {
      counts.audited();
      worker.log().audited(peer, "request");
    }
    // Filters change the head; who is judged again is judged by what the client sent.
    request.judged(filters == RuleFilters.NONE ? head : head.copy());
    Refusal refusal = filter(request, head, filters);
    if (refusal == null) {
      refusal = overLimit(permit);
    }
    if (refusal != null) {
      request.refuse(refusal);
    } else if (!worker.inFlight().enter()) {
      request.refuse(Refusal.LOAD_SHED);
    } else {
      complete(head);
      request.send(counts, permit);
    }
  }

  /** A permit with the authority of a request that it let pass. */
  private record Named(Permit permit, AsciiString authority) {}

  private RequestSeries counts(Permit permit, RequestHead head) {
    if (!worker.config().authorityLabels()) {
      return series.computeIfAbsent(permit, p -> series(p, null));
    }
    if (namedSeries.size() >= MAX_NAMED_SERIES) {
      namedSeries.clear();
    }
    return namedSeries.computeIfAbsent(
        new Named(permit, head.effectiveAuthority()),
        named -> series(named.permit(), named.authority().toString()));
  }

  private RequestSeries series(Permit permit, @Nullable String authority) {
    PolicyRef route = permit.route();
    boolean grpc = evaluator.policy().protocol() instanceof InboundProtocol.Grpc;
    return new RequestSeries(
        worker.metrics(),
        worker.shard(),
        labels.requests(permit, authority),
        worker.metrics().httpAllowed(worker.shard(), labels, permit),
        worker
            .meters()
            .route(grpc, permit.server(), lease.port(), route == null ? NO_ROUTE : route),
        grpc,
        permit.audit() ? worker.meters().audited(permit.server(), lease.port(), "request") : null);
  }

  private @Nullable Refusal filter(InboundExchange request, RequestHead head, RuleFilters filters) {
    if (filters == RuleFilters.NONE) {
      return null;
    }
    RequestFilters compiled = this.filters.computeIfAbsent(filters, HttpSession::compile);
    request.filters(compiled);
    HttpRouteMatch match = filters instanceof RuleFilters.Http http ? http.match() : null;
    return compiled.request(head, match, worker.context().random());
  }

  private @Nullable Refusal overLimit(Permit permit) {
    RateLimiter limiter = lease.limiter();
    if (limiter == null) {
      return null;
    }
    PeerId identity = peer.identity();
    RateLimiter.Excess excess = limiter.admit(identity == null ? null : identity.text());
    if (excess == null) {
      return null;
    }
    worker
        .metrics()
        .rateLimited(
            worker.shard(), labels, permit.server(), limiter.limit().ref(), excess.scope());
    return Refusal.of(Refusal.Cause.RATE_LIMITED, excess.message());
  }

  private static RequestFilters compile(RuleFilters filters) {
    return switch (filters) {
      case RuleFilters.None _ -> RequestFilters.NONE;
      case RuleFilters.Http http -> RequestFilters.http(http.filters());
      case RuleFilters.Grpc grpc -> RequestFilters.grpc(grpc.filters());
    };
  }

  private void deny(InboundExchange request, Decision.Denied denied) {
    PolicyRef route = denied.route();
    if (route != null) {
      worker.metrics().httpDenied(worker.shard(), labels, denied.server(), route);
    }
    worker.log().denied(peer, denied.reason());
    worker.meters().denied(denied, lease.port());
    request.refuse(unauthorized(denied));
  }

  /** As the client may know it. */
  private Refusal unauthorized(Decision.Denied denied) {
    return Refusal.of(
        Refusal.Cause.UNAUTHORIZED,
        worker.config().denialDetail() == DenialDetail.NEVER ? DENIED : denied.reason());
  }

  /** Nobody but this proxy says who the client is. */
  private void identify(RequestHead head) {
    Identities.strip(head.headers);
    if (clientId != null) {
      head.headers.add(HeaderNames.L5D_CLIENT_ID, clientId);
    }
  }

  /** What the application needs to see in an HTTP/1 request, whatever it came in. */
  private static void complete(RequestHead head) {
    if (!head.version.isHttp1()) {
      return;
    }
    HeaderBlock headers = head.headers;
    if (head.form == TargetForm.ORIGIN
        && !head.authority.isEmpty()
        && !headers.contains(HeaderNames.HOST)) {
      headers.add(HeaderNames.HOST, head.authority);
    }
    if (head.upgrade && headers.contains(HeaderNames.UPGRADE)) {
      // The client must not name the headers we add as ones to be dropped.
      headers.set(HeaderNames.CONNECTION, UPGRADE_VALUE);
    }
  }

  /** Who taps the request, null if nobody does. */
  @Nullable TapStream tapped(RequestHead head, Permit permit) {
    Taps taps = worker.context().telemetry().taps();
    return taps.any() ? taps.open(new TappedRequest(peer, permit), head) : null;
  }

  /** The request's spans, null if it belongs to no trace, or nobody records any. */
  private @Nullable RequestTrace traced(RequestHead head) {
    Tracer tracer = worker.context().telemetry().tracer();
    return tracer == null ? null : tracer.begin(Direction.INBOUND, head);
  }

  /** The request's line of the access log, null where none is kept. */
  AccessLog.@Nullable Entry accessed(RequestHead head) {
    AccessLog log = worker.context().telemetry().accessLog();
    if (log == null) {
      return null;
    }
    PeerId identity = peer.identity();
    return log.begin(
        head, Endpoint.text(peer.address()), identity == null ? null : identity.text());
  }

  Onward onward() {
    return onward;
  }

  Worker worker() {
    return worker;
  }

  Peer peer() {
    return peer;
  }

  void failed(Refusal refusal) {
    worker
        .metrics()
        .httpError(
            worker.shard(), labels, lease.evaluator().policy().server(), refusal.cause().label());
  }

  /** The refusal as the client is told it. */
  Refusal told(Refusal refusal) {
    return refusal
        .in("server: " + Endpoint.text(peer.target()))
        .in("client " + Endpoint.text(peer.address()));
  }

  void link(InboundExchange request) {
    InboundExchange first = active;
    request.linkBefore(first);
    active = request;
  }

  void unlink(InboundExchange request) {
    if (active == request) {
      active = request.next();
    }
    request.unlink();
  }
}

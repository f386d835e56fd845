package dev.weft.proxy.outbound;

import dev.weft.policy.outbound.FailureAccrual;
import dev.weft.proxy.balance.Candidate;
import dev.weft.proxy.balance.LoadParams;
import dev.weft.proxy.client.Http1Pool;
import dev.weft.proxy.client.Http2Client;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.forward.Forward;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.transport.TransportHeader.Session;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One endpoint of an HTTP backend with its connections. Runs on its lane's loop only.
 *
 * <p>Where HTTP/2 is spoken (by the client, or between the proxies) one shared connection is made
 * at once and made again when lost, and the endpoint is ready while it stands. Where HTTP/1 is
 * spoken to the endpoint it is always ready, and connections are made as requests need them. An
 * upgrade has an HTTP/1 connection of its own even where HTTP/1 is otherwise carried. Where the
 * policy says so, an endpoint whose answers keep failing is not ready either, see {@link Breaker}.
 */
final class HttpEndpoint implements BalancedBackend.Member<HttpEndpoint> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);

  private final Lane lane;
  private final Endpoint endpoint;
  private final String authority;
  private final LoadParams load;
  private final Candidate<HttpEndpoint> candidate;
  private final EndpointMeter meter;
  private final boolean local;
  private final @Nullable Http2Client http2;
  private final Connecting connecting;
  private final Owner owner;
  private final @Nullable Breaker breaker;
  private @Nullable Http1Pool http1;
  private @Nullable Future<?> probation;
  private boolean connected;

  /** Hears of readiness, and of trouble. */
  interface Owner {
    void ready(HttpEndpoint endpoint);

    void unready(HttpEndpoint endpoint);

    /** Connections keep failing: perhaps it is not there any more. */
    void doubtful(HttpEndpoint endpoint);

    /** Whether it was put aside because requests fail, or is so no longer. */
    void aside(HttpEndpoint endpoint, boolean aside);
  }

  HttpEndpoint(
      Lane lane,
      Endpoint endpoint,
      String authority,
      boolean speaksHttp2,
      LoadParams load,
      @Nullable FailureAccrual accrual,
      Owner owner) {
    this.lane = lane;
    this.owner = owner;
    this.endpoint = endpoint;
    this.authority = authority;
    this.load = load;
    this.local = lane.outbound().route().isLocal(endpoint);
    this.candidate = new Candidate<>(this, load, lane.share(endpoint), lane.nanoTime());
    this.connecting = new Connecting(() -> owner.doubtful(this));
    this.breaker =
        accrual == null
            ? null
            : new Breaker(accrual, lane.outbound().context().random(), lane.nanoTime());
    this.meter =
        new EndpointMeter(
            lane.outbound().metrics(),
            lane.shard(),
            OutboundMetrics.endpoint(authority, endpoint, local));
    boolean shares = speaksHttp2 || lane.outbound().route().carriesHttp1(endpoint);
    this.http2 = shares ? shared() : null;
    this.connected = !shares;
  }

  private Http2Client shared() {
    return new Http2Client(
        lane.loop(),
        connecting.watch(lane.connector(endpoint, authority, Session.HTTP_2)),
        lane.outbound().http2(endpoint.http2()),
        lane.backoff(),
        new Http2Client.Observer() {
          @Override
          public void ready() {
            connected = true;
            if (isReady()) {
              owner.ready(HttpEndpoint.this);
            }
          }

          @Override
          public void unready() {
            connected = false;
            owner.unready(HttpEndpoint.this);
          }

          @Override
          public void attemptFailed(Refusal refusal) {
            LOG.debug("endpoint not connected peer={} cause={}", text(), refusal.message());
          }
        });
  }

  /** Begins to connect where that decides readiness; returns whether it is ready already. */
  boolean start() {
    if (http2 != null) {
      http2.start();
    }
    return isReady();
  }

  private boolean isReady() {
    return connected && (breaker == null || breaker.admits());
  }

  /**
   * A request goes here.
   *
   * @return whether it decides if the endpoint, which was put aside, may serve again
   */
  boolean take() {
    if (breaker == null || !breaker.take()) {
      return false;
    }
    owner.unready(this);
    return true;
  }

  /**
   * A request was answered, or failed.
   *
   * @param limited whether the answer was that there is too much to do
   * @param probe what {@link #take} said
   */
  void responded(boolean success, boolean limited, boolean probe) {
    Breaker breaks = breaker;
    if (breaks == null) {
      return;
    }
    long pauseNanos = breaks.record(success, limited, probe, lane.nanoTime());
    if (pauseNanos > 0) {
      LOG.info(
          "endpoint put aside peer={} cause=too many failures pause={}ms",
          text(),
          TimeUnit.NANOSECONDS.toMillis(pauseNanos));
      if (!probe) {
        owner.aside(this, true);
      }
      owner.unready(this);
      probation = lane.loop().schedule(this::probe, pauseNanos, TimeUnit.NANOSECONDS);
    } else if (probe && breaks.state() == Breaker.State.CLOSED) {
      LOG.info("endpoint serves again peer={}", text());
      owner.aside(this, false);
      offer();
    }
  }

  /** The request that should have decided told nothing. */
  void released() {
    if (breaker != null) {
      breaker.released();
      offer();
    }
  }

  private void probe() {
    probation = null;
    if (breaker != null) {
      breaker.probe();
      offer();
    }
  }

  private void offer() {
    if (isReady()) {
      owner.ready(this);
    }
  }

  /** Whether an answer counts as a very slow one. */
  boolean penalizes(int status, @Nullable String grpcStatus) {
    return load.penalty() != null && Overload.failed(status, grpcStatus);
  }

  /** A request was answered so that others should go elsewhere for a while. */
  void penalize(HeaderBlock headers, int status, @Nullable String grpcStatus) {
    LoadParams.Penalty penalty = load.penalty();
    if (penalty != null) {
      candidate.load().fail(Overload.nanos(penalty, headers, status, grpcStatus), lane.nanoTime());
    }
  }

  @Override
  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public Candidate<HttpEndpoint> candidate() {
    return candidate;
  }

  EndpointMeter meter() {
    return meter;
  }

  /** Whether mesh TLS is spoken to it. */
  boolean meshed() {
    return endpoint.tls() != null && !local;
  }

  /** The authority it wants instead of the client's, or null. */
  @Nullable String authorityOverride() {
    return local ? null : endpoint.authorityOverride();
  }

  /** Whether this request goes out on the shared connection. */
  boolean shares(Forward request) {
    return http2 != null && (!request.head().version.isHttp1() || !request.head().upgrade);
  }

  void send(Forward request) {
    if (http2 != null && shares(request)) {
      http2.open(request);
    } else {
      pool().send(request);
    }
  }

  /** Takes no more requests; those under way finish. */
  void close() {
    if (probation != null) {
      probation.cancel(false);
      probation = null;
    }
    if (http2 != null) {
      http2.close();
    }
    if (http1 != null) {
      http1.close();
    }
  }

  private Http1Pool pool() {
    Http1Pool pool = http1;
    if (pool == null) {
      pool =
          new Http1Pool(
              lane.loop(),
              lane.outbound().context().ticker(),
              connecting.watch(lane.connector(endpoint, authority, Session.HTTP_1)),
              lane.outbound().http1(),
              lane.poolLimits());
      http1 = pool;
    }
    return pool;
  }

  /** Address, for messages. */
  String text() {
    return Endpoint.text(endpoint.address());
  }
}

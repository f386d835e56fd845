package dev.weft.proxy.outbound;

import dev.weft.proxy.balance.Candidate;
import dev.weft.proxy.balance.LoadParams;
import dev.weft.proxy.client.Http1Pool;
import dev.weft.proxy.client.Http2Client;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.forward.Forward;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.transport.TransportHeader.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One endpoint of an HTTP backend with its connections. Runs on its lane's loop only.
 *
 * <p>Where HTTP/2 is spoken (by the client, or between the proxies) one shared connection is made
 * at once and made again when lost, and the endpoint is ready while it stands. Where HTTP/1 is
 * spoken to the endpoint it is always ready, and connections are made as requests need them. An
 * upgrade has an HTTP/1 connection of its own even where HTTP/1 is otherwise carried.
 */
final class HttpEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);

  private final Lane lane;
  private final Endpoint endpoint;
  private final String authority;
  private final Candidate<HttpEndpoint> candidate;
  private final EndpointMeter meter;
  private final boolean local;
  private final @Nullable Http2Client http2;
  private @Nullable Http1Pool http1;

  /** Hears of readiness. */
  interface Owner {
    void ready(HttpEndpoint endpoint);

    void unready(HttpEndpoint endpoint);
  }

  HttpEndpoint(
      Lane lane,
      Endpoint endpoint,
      String authority,
      boolean speaksHttp2,
      LoadParams load,
      Owner owner) {
    this.lane = lane;
    this.endpoint = endpoint;
    this.authority = authority;
    this.local = lane.outbound().route().isLocal(endpoint);
    this.candidate = new Candidate<>(this, load, lane.nanoTime());
    this.meter =
        new EndpointMeter(
            lane.outbound().metrics(),
            lane.shard(),
            OutboundMetrics.endpoint(authority, endpoint, local));
    boolean shares = speaksHttp2 || lane.outbound().route().carriesHttp1(endpoint);
    this.http2 = shares ? shared(owner) : null;
  }

  private Http2Client shared(Owner owner) {
    return new Http2Client(
        lane.loop(),
        lane.connector(endpoint, authority, Session.HTTP_2),
        lane.outbound().http2(endpoint.http2()),
        lane.backoff(),
        new Http2Client.Observer() {
          @Override
          public void ready() {
            owner.ready(HttpEndpoint.this);
          }

          @Override
          public void unready() {
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
    if (http2 == null) {
      return true;
    }
    http2.start();
    return http2.isReady();
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Candidate<HttpEndpoint> candidate() {
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
              lane.connector(endpoint, authority, Session.HTTP_1),
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

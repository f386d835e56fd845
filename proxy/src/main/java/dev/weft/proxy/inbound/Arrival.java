package dev.weft.proxy.inbound;

import dev.weft.policy.inbound.Decision;
import dev.weft.policy.inbound.InboundProtocol;
import dev.weft.proxy.detect.ClientHello;
import dev.weft.proxy.detect.DetectionMeter;
import dev.weft.proxy.detect.EarlyDial;
import dev.weft.proxy.detect.Held;
import dev.weft.proxy.detect.HttpHint;
import dev.weft.proxy.detect.Look;
import dev.weft.proxy.detect.Parked;
import dev.weft.proxy.detect.Prelude;
import dev.weft.proxy.http.ServerConnection;
import dev.weft.proxy.runtime.Drain;
import dev.weft.proxy.tcp.DialException;
import dev.weft.proxy.tls.PeerTls;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An accepted connection on its way to being understood: mesh TLS or not, HTTP or not, for which
 * port. Ends as a {@link TcpForward}, behind an {@link HttpSession}, or closed. Runs on the
 * connection's loop only.
 *
 * <p>Source: facts/proxy.md 2.1 to 2.5.
 */
final class Arrival {
  private final Worker worker;
  private final Channel channel;
  private final InetSocketAddress client;

  /** Where the client wanted to go; ours when it addressed this proxy itself. */
  private final InetSocketAddress destination;

  private final Drain.Registration drain;
  private PortPolicies.@Nullable Lease lease;
  private @Nullable EarlyDial early;
  private @Nullable TcpForward forward;
  private @Nullable HttpSession session;
  private @Nullable ServerConnection http;
  private long detectingSince;

  Arrival(Worker worker, Channel channel, InetSocketAddress client, InetSocketAddress destination) {
    this.worker = worker;
    this.channel = channel;
    this.client = client;
    this.destination = destination;
    this.drain = worker.context().drain().register(() -> channel.eventLoop().execute(this::drain));
    channel.closeFuture().addListener(_ -> closed());
  }

  /** A connection that was redirected here on its way to a port of the application. */
  void intercepted() {
    if (lease(destination.getPort()).evaluator().policy().protocol()
        instanceof InboundProtocol.Opaque) {
      forward(new Peer(client, destination, false, Peer.Tls.SKIPPED), park());
      return;
    }
    EarlyDial dial = earlyDial(Peer.Tls.NONE);
    peek(
        dial,
        new Step<ClientHello>(this) {
          @Override
          public void decided(ClientHello hello) {
            switch (hello) {
              case ClientHello.Named(String name)
                  when name.equals(worker.context().tls().localServerName()) -> {
                dial.discard();
                early = null;
                terminate(false, held(), Arrival.this::secured);
              }
              case ClientHello.Named(String name) ->
                  protocol(held(), new Peer.Tls.Passthrough(name));
              case ClientHello.NotTls _ -> protocol(held(), Peer.Tls.NONE);
            }
          }

          @Override
          public void serverSpoke() {
            forward(new Peer(client, destination, false, Peer.Tls.NONE), held());
          }
        });
  }

  /** A connection to the proxy itself: mesh TLS, then a transport header. */
  void direct() {
    new DirectArrival(worker, client, destination, this).begin();
  }

  // Mesh TLS.

  /** Looks for the ClientHello. */
  void peek(@Nullable EarlyDial dial, Step<ClientHello> step) {
    early = dial;
    await(ClientHello::of, ClientHello.MAX_BYTES, worker.config().path().detectTimeout(), step);
  }

  /** Ends mesh TLS here. */
  void terminate(boolean direct, Held held, Secured next) {
    SslHandler tls;
    try {
      tls = worker.context().tls().serverHandler(channel.alloc(), direct);
    } catch (IllegalStateException e) {
      refuse("mesh TLS refused; cause: " + e.getMessage());
      return;
    }
    tls.setHandshakeTimeoutMillis(worker.config().path().detectTimeout().toMillis());
    channel.pipeline().addLast(tls);
    Held secured = park();
    // After the handler was added: its own listener, which learns who the peer is, comes first.
    tls.handshakeFuture()
        .addListener(
            done -> {
              if (done.isSuccess()) {
                PeerTls peer = PeerTls.of(channel).orElseThrow();
                worker.metrics().handshake(worker.shard(), peer);
                next.with(peer, secured);
              } else {
                worker.metrics().handshakeFailed(worker.shard());
                refuse("mesh TLS failed; cause: " + InboundLog.reason(done.cause()));
              }
            });
    held.proceed();
  }

  @FunctionalInterface
  interface Secured {
    void with(PeerTls peer, Held held);
  }

  private void secured(PeerTls peer, Held held) {
    protocol(held, Peer.Tls.Mesh.of(peer));
  }

  // Protocol of an intercepted connection.

  private void protocol(Held held, Peer.Tls tls) {
    Peer peer = new Peer(client, destination, false, tls);
    switch (lease(destination.getPort()).evaluator().policy().protocol()) {
      case InboundProtocol.Opaque _, InboundProtocol.Tls _ -> forward(peer, held);
      case InboundProtocol.Http2 _, InboundProtocol.Grpc _ -> http(peer, true, held);
      case InboundProtocol.Http1 _ -> {
        if (tls instanceof Peer.Tls.Absent) {
          http(peer, false, held);
        } else {
          detect(peer, worker.config().path().detectTimeout(), true, held);
        }
      }
      case InboundProtocol.Detect(Duration timeout, var _) -> detect(peer, timeout, false, held);
    }
  }

  private void detect(Peer peer, Duration timeout, boolean assumeHttp1, Held held) {
    if (early == null) {
      early = earlyDial(peer.tls());
    }
    detectingSince = worker.nanoTime();
    await(
        HttpHint::of,
        HttpHint.MAX_BYTES,
        timeout,
        new Step<HttpHint>(this) {
          @Override
          public void decided(HttpHint hint) {
            switch (hint) {
              case HTTP_1 -> {
                detected(DetectionMeter.Result.HTTP_1);
                http(peer, false, held());
              }
              case HTTP_2 -> {
                detected(DetectionMeter.Result.HTTP_2);
                http(peer, true, held());
              }
              case OTHER -> {
                detected(DetectionMeter.Result.NOT_HTTP);
                forward(peer, held());
              }
            }
          }

          @Override
          public void serverSpoke() {
            detected(DetectionMeter.Result.NOT_HTTP);
            forward(peer, held());
          }

          @Override
          public void timedOut(boolean silent) {
            detected(DetectionMeter.Result.READ_TIMEOUT);
            if (assumeHttp1) {
              http(peer, false, held());
            } else {
              forward(peer, held());
            }
          }

          @Override
          public void closed(@Nullable Throwable cause) {
            detected(DetectionMeter.Result.ERROR);
            super.closed(cause);
          }
        });
    held.proceed();
  }

  private void detected(DetectionMeter.Result result) {
    PortPolicies.Lease port = lease(destination.getPort());
    worker
        .meters()
        .detection(port.evaluator().policy().server(), port.port())
        .detected(result, worker.nanoTime() - detectingSince);
  }

  // Where it ends.

  /** To the application as it is. */
  void forward(Peer peer, Held held) {
    EarlyDial dial = early != null ? early : new EarlyDial(() -> worker.dial(peer.target()));
    early = null;
    forward(peer, held, dial, true);
  }

  /**
   * To a connection that is made when policy allows it.
   *
   * @param counted whether it is one to the application, and counted as such
   */
  void forward(Peer peer, Held held, EarlyDial dial, boolean counted) {
    TcpForward begun =
        new TcpForward(worker, channel, peer, lease(peer.target().getPort()), counted);
    forward = begun;
    begun.begin(held, dial);
  }

  /** To the application request by request. */
  void http(Peer peer, boolean http2, Held held) {
    http(peer, http2, held, Onward.toApplication(worker, peer));
  }

  /** Request by request. */
  void http(Peer peer, boolean http2, Held held, Onward onward) {
    discardEarly();
    PortPolicies.Lease port = lease(peer.target().getPort());
    HttpSession begun = new HttpSession(worker, peer, port, onward);
    session = begun;
    ServerConnection connection =
        http2 ? worker.codecs().http2Server(begun) : worker.codecs().http1Server(begun);
    http = connection;
    channel
        .pipeline()
        .addLast(
            worker
                .metrics()
                .clientMeter(
                    worker.shard(),
                    new InboundMetrics.Of(peer),
                    port.evaluator().policy().server()))
        .addLast(connection);
    held.proceed();
    if (worker.context().drain().draining()) {
      connection.drain();
    }
  }

  /** A dial that is made only if the connection would be forwarded as it is. */
  private EarlyDial earlyDial(Peer.Tls tls) {
    Peer peer = new Peer(client, destination, false, tls);
    return new EarlyDial(
        () -> {
          Decision decision =
              lease(destination.getPort()).evaluator().judgeConnection(peer.client());
          return decision instanceof Decision.Allowed
              ? worker.dial(destination)
              : worker.loop().<Channel>newFailedFuture(NOT_ALLOWED);
        });
  }

  private static final DialException NOT_ALLOWED = DialException.notAllowed();

  /** The policy of the port that the connection is for, which never changes. */
  PortPolicies.Lease lease(int port) {
    PortPolicies.Lease held = lease;
    if (held == null) {
      held = worker.policies().lease(port, this::policyChanged);
      lease = held;
    }
    return held;
  }

  private void policyChanged() {
    if (forward != null) {
      forward.judgeAgain();
    }
    if (session != null) {
      session.judgeAgain();
    }
  }

  /** Idle while it is not understood, so it may go; a relay or tunnel is left alone. */
  private void drain() {
    if (http != null) {
      http.drain();
    } else if (forward == null) {
      channel.close();
    }
  }

  /** Is over when the connection is. */
  Future<Void> closeFuture() {
    return channel.closeFuture();
  }

  void refuse(String reason) {
    worker.log().refused(client, destination, reason);
    channel.close();
  }

  private void discardEarly() {
    if (early != null) {
      early.discard();
      early = null;
    }
  }

  private void closed() {
    discardEarly();
    if (lease != null) {
      lease.close();
    }
    drain.close();
  }

  private Held park() {
    Parked parked = new Parked();
    channel.pipeline().addLast(parked);
    return parked;
  }

  <T> void await(Prelude.Judge<T> judge, int maxBytes, Duration timeout, Step<T> step) {
    step.begin(judge, maxBytes, timeout, early);
  }

  /** What follows a look at the first bytes; a failure to decide is counted and told. */
  abstract static class Step<T> extends Look<T> {
    private final Arrival of;

    Step(Arrival of) {
      super(of.channel);
      this.of = of;
    }

    @Override
    public void timedOut(boolean silent) {
      of.tcpError(InboundMetrics.TcpError.TLS_DETECTION_TIMEOUT);
      of.refuse(
          "connection refused; cause: "
              + (silent ? "no byte" : "too little")
              + " received in "
              + of.worker.config().path().detectTimeout().toSeconds()
              + "s");
    }

    @Override
    public void closed(@Nullable Throwable cause) {
      if (cause != null) {
        of.tcpError(InboundMetrics.TcpError.UNEXPECTED);
        of.worker.log().refused(of.client, of.destination, String.valueOf(cause.getMessage()));
      }
      super.closed(cause);
    }
  }

  private void tcpError(InboundMetrics.TcpError error) {
    worker.metrics().tcpError(worker.shard(), destination, error);
  }
}

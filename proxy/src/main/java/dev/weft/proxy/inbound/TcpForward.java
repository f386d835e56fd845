package dev.weft.proxy.inbound;

import dev.weft.policy.inbound.Decision;
import dev.weft.policy.inbound.InboundEvaluator;
import dev.weft.policy.inbound.Permit;
import dev.weft.proxy.detect.EarlyDial;
import dev.weft.proxy.detect.Held;
import dev.weft.proxy.tcp.Relay;
import dev.weft.proxy.tcp.Sockets;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose bytes are passed to the application unread. Judged when it begins and again on
 * every change of the policy; ended when it is no longer allowed. Runs on one loop only.
 *
 * <p>Source: facts/proxy.md 2.1.
 */
final class TcpForward {
  private final Worker worker;
  private final Channel client;
  private final Peer peer;
  private final InboundMetrics.Of labels;
  private final PortPolicies.Lease lease;
  private final boolean counted;
  private @Nullable Permit permit;
  private @Nullable Relay relay;

  /**
   * A connection to be judged.
   *
   * @param counted whether the other end is the application, and counted as such
   */
  TcpForward(Worker worker, Channel client, Peer peer, PortPolicies.Lease lease, boolean counted) {
    this.counted = counted;
    this.worker = worker;
    this.client = client;
    this.peer = peer;
    this.lease = lease;
    this.labels = new InboundMetrics.Of(peer);
  }

  /**
   * Judges the connection and forwards it, or closes it.
   *
   * @param held holds what the client sent so far
   * @param early a connection to the application that may exist already
   */
  void begin(Held held, EarlyDial early) {
    InboundEvaluator evaluator = lease.evaluator();
    switch (evaluator.judgeConnection(peer.client())) {
      case Decision.Allowed(Permit allowed, var _) -> {
        permit = allowed;
        worker.metrics().tcpAllowed(worker.shard(), labels, allowed);
        if (allowed.audit()) {
          worker.meters().audited(allowed.server(), lease.port(), "connection").increment();
          worker.log().audited(peer, "connection");
        }
        client
            .pipeline()
            .addLast(worker.metrics().clientMeter(worker.shard(), labels, allowed.server()));
        Future<Channel> dialled = early.take();
        dialled.addListener(_ -> connected(held, dialled));
      }
      case Decision.Denied denied -> {
        worker.metrics().tcpDenied(worker.shard(), labels, denied.server());
        worker.meters().denied(denied, lease.port());
        worker.log().denied(peer, denied.reason());
        early.discard();
        client.close();
      }
      case Decision.NoRoute noRoute -> {
        worker.log().denied(peer, noRoute.reason());
        early.discard();
        client.close();
      }
    }
  }

  /** The policy changed. */
  void judgeAgain() {
    Permit given = permit;
    if (given == null || !client.isOpen()) {
      return;
    }
    if (lease.evaluator().judgeConnection(peer.client()) instanceof Decision.Denied denied) {
      permit = null;
      worker.metrics().tcpTerminated(worker.shard(), labels, given.server());
      worker.meters().denied(denied, lease.port());
      worker.log().terminated(peer, denied.reason());
      if (relay == null) {
        client.close();
      } else {
        relay.terminate(new IOException(denied.reason()));
      }
    }
  }

  private void connected(Held held, Future<Channel> dialled) {
    if (!dialled.isSuccess()) {
      worker.metrics().tcpError(worker.shard(), peer.target(), InboundMetrics.TcpError.IO);
      worker.log().refused(peer.address(), peer.target(), dialled.cause().getMessage());
      Sockets.reset(client);
      return;
    }
    Channel application = dialled.getNow();
    if (permit == null || !client.isActive()) {
      application.close();
      return;
    }
    if (counted) {
      application.pipeline().addLast(worker.metrics().applicationMeter(worker.shard()));
    }
    Relay spliced = new Relay(client, application, this::ended);
    relay = spliced;
    held.proceed();
    EarlyDial.handOver(application);
    spliced.start();
  }

  private void ended(Relay.Ended end) {
    worker
        .log()
        .debug(
            peer.address(),
            peer.target(),
            "connection ended after "
                + end.fromClient()
                + " bytes in and "
                + end.fromServer()
                + " out"
                + (end.cause() == null ? "" : "; cause: " + end.cause().getMessage()));
  }
}

package dev.weft.proxy.inbound;

import dev.weft.proxy.control.Target;
import dev.weft.proxy.detect.ClientHello;
import dev.weft.proxy.detect.EarlyDial;
import dev.weft.proxy.detect.Held;
import dev.weft.proxy.gateway.Gateway;
import dev.weft.proxy.tls.PeerTls;
import dev.weft.proxy.transport.TransportHeader;
import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * A connection that a proxy made to this one: mesh TLS for this proxy's identity, then a transport
 * header that names the port it is for. Runs on the connection's loop only.
 *
 * <p>Source: facts/proxy.md 2.3.
 */
final class DirectArrival {
  private final Worker worker;
  private final InetSocketAddress client;
  private final InetSocketAddress destination;
  private final Arrival arrival;

  DirectArrival(
      Worker worker, InetSocketAddress client, InetSocketAddress destination, Arrival arrival) {
    this.worker = worker;
    this.client = client;
    this.destination = destination;
    this.arrival = arrival;
  }

  void begin() {
    arrival.peek(
        null,
        new Arrival.Step<ClientHello>(arrival) {
          @Override
          public void decided(ClientHello hello) {
            if (hello instanceof ClientHello.Named(String name)
                && name.equals(worker.context().tls().localServerName())) {
              arrival.terminate(true, held(), DirectArrival.this::secured);
            } else {
              arrival.refuse(
                  "direct connection refused; cause: no mesh TLS for this proxy's identity");
            }
          }
        });
  }

  private void secured(PeerTls peer, Held secured) {
    if (peer.identity() == null) {
      arrival.refuse("direct connection refused; cause: the client showed no certificate");
    } else if (!peer.transportNegotiated()) {
      arrival.refuse(
          "direct connection refused; cause: ALPN " + PeerTls.TRANSPORT_ALPN + " not offered");
    } else {
      arrival.await(
          (bytes, _) -> TransportHeader.decode(bytes),
          TransportHeader.MAX_BYTES,
          worker.config().path().detectTimeout(),
          new Arrival.Step<TransportHeader>(arrival) {
            @Override
            public void decided(TransportHeader header) {
              dispatch(header, peer, held());
            }
          });
      secured.proceed();
    }
  }

  private void dispatch(TransportHeader header, PeerTls tls, Held held) {
    String clientId = String.valueOf(tls.identity());
    worker
        .metrics()
        .transportHeader(
            worker.shard(),
            switch (header.session()) {
              case OPAQUE -> "";
              case HTTP_1 -> "http/1";
              case HTTP_2 -> "http/2";
            },
            header.port(),
            isOurs(header) ? header.name() : "",
            clientId);
    if (!header.name().isEmpty()) {
      gateway(header, tls, clientId, held);
      return;
    }
    if (header.port() == destination.getPort()) {
      arrival.refuse("direct connection refused; cause: its header names the inbound port itself");
      return;
    }
    InetSocketAddress target = new InetSocketAddress(destination.getAddress(), header.port());
    Peer peer = new Peer(client, target, true, Peer.Tls.Mesh.of(tls));
    arrival.lease(header.port());
    switch (header.session()) {
      case OPAQUE -> arrival.forward(peer, held);
      case HTTP_1 -> arrival.http(peer, false, held);
      case HTTP_2 -> arrival.http(peer, true, held);
    }
  }

  /** Whether this proxy is a gateway for the name, so that only known names become labels. */
  private boolean isOurs(TransportHeader header) {
    return !header.name().isEmpty() && worker.config().gatewaySuffixes().matches(header.name());
  }

  /** For a service: judged by the policy of the port that gateways are addressed at. */
  private void gateway(TransportHeader header, PeerTls tls, String clientId, Held held) {
    Gateway gateway = worker.gateway();
    boolean opaque = header.session() == TransportHeader.Session.OPAQUE;
    if (gateway == null || (opaque && !isOurs(header))) {
      arrival.refuse(
          "direct connection of "
              + clientId
              + " for "
              + header.name()
              + " refused; cause: "
              + (gateway == null ? "this proxy is no gateway" : "bad gateway domain"));
      return;
    }
    Target.Name service = new Target.Name(header.name().toLowerCase(Locale.ROOT), header.port());
    Peer peer = new Peer(client, destination, true, Peer.Tls.Mesh.of(tls));
    arrival.lease(destination.getPort());
    if (opaque) {
      arrival.forward(
          peer,
          held,
          new EarlyDial(() -> gateway.connect(worker.loop(), service, arrival.closeFuture())),
          false);
    } else {
      arrival.http(
          peer,
          header.session() == TransportHeader.Session.HTTP_2,
          held,
          isOurs(header)
              ? new GatewayRequests(gateway, worker, service, clientId)
              : GatewayRequests.wrongDomain());
    }
  }
}

package dev.weft.proxy.outbound;

import dev.weft.mesh.Authority;
import dev.weft.mesh.IpAddr;
import dev.weft.proxy.client.Destination;
import dev.weft.proxy.config.InboundConfig;
import dev.weft.proxy.config.OutboundConfig;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.transport.TransportHeader;
import dev.weft.proxy.transport.TransportHeader.Session;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint is reached: at which address, with mesh TLS or without, and behind which
 * transport header. Pure; shared by all loops.
 *
 * <p>An endpoint at one of our own addresses is this very workload: it is reached in plaintext, at
 * the address inbound forwards to where that differs. Source: facts/proxy.md 3.7 and 3.11.
 *
 * @param localIps our own addresses
 * @param forwardIp where our application listens whatever its address in the mesh, or null
 */
record EndpointRoute(Set<IpAddr> localIps, @Nullable InetAddress forwardIp) {

  static EndpointRoute of(OutboundConfig outbound, InboundConfig inbound) {
    return new EndpointRoute(outbound.localIps(), inbound.forwardIp());
  }

  /** Whether the endpoint is this workload itself. */
  boolean isLocal(Endpoint endpoint) {
    return localIps.contains(IpAddr.of(endpoint.address().getAddress()));
  }

  /** Whether HTTP/1 is carried over HTTP/2 to it. */
  boolean carriesHttp1(Endpoint endpoint) {
    return endpoint.hint() == Endpoint.Hint.H2 && !isLocal(endpoint);
  }

  /** The destination of a connection whose session speaks {@code session}. */
  Destination to(Endpoint endpoint, Session session) {
    InetSocketAddress address = endpoint.address();
    if (isLocal(endpoint)) {
      return Destination.plain(
          forwardIp == null ? address : new InetSocketAddress(forwardIp, address.getPort()));
    }
    if (endpoint.tls() == null) {
      return Destination.plain(address);
    }
    TransportHeader header = header(endpoint, session);
    InetSocketAddress dialled =
        endpoint.opaqueTransportPort() > 0
            ? new InetSocketAddress(address.getAddress(), endpoint.opaqueTransportPort())
            : address;
    return new Destination(dialled, endpoint.tls(), header);
  }

  private static @Nullable TransportHeader header(Endpoint endpoint, Session session) {
    String override = endpoint.authorityOverride();
    if (endpoint.opaqueTransportPort() == 0 && override == null) {
      return null;
    }
    Session told = endpoint.hint() == Endpoint.Hint.OPAQUE ? Session.OPAQUE : session;
    if (override != null) {
      Authority authority = Authority.tryParse(override).orElse(null);
      if (authority != null && authority.hasPort()) {
        return new TransportHeader(authority.port(), authority.host(), told);
      }
    }
    return new TransportHeader(endpoint.address().getPort(), "", told);
  }
}

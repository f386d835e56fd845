package dev.weft.proxy.inbound;

import dev.weft.mesh.IpAddr;
import dev.weft.policy.inbound.Client;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.tls.PeerId;
import dev.weft.proxy.tls.PeerTls;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who connected, and whereto. Made once per connection. Immutable.
 *
 * @param address of the client, IPv4-mapped addresses unwrapped
 * @param target original destination; on direct connections our address with the header's port
 * @param direct whether the connection began with a transport header
 * @param tls what is known of its TLS
 * @param client the same as policy sees it
 */
record Peer(
    InetSocketAddress address, InetSocketAddress target, boolean direct, Tls tls, Client client) {

  Peer(InetSocketAddress address, InetSocketAddress target, boolean direct, Tls tls) {
    this(address, target, direct, tls, client(address, tls));
  }

  /** What is known of a connection's TLS, as metrics tell it. */
  sealed interface Tls {
    /** Plaintext. */
    Tls NONE = new Absent("no_tls_from_remote");

    /** The policy says not to look. */
    Tls SKIPPED = new Absent("port_skipped");

    /** No mesh TLS. */
    record Absent(String reason) implements Tls {}

    /** TLS for somebody else, passed through. */
    record Passthrough(String serverName) implements Tls {}

    /** Mesh TLS that ended here. */
    record Mesh(@Nullable PeerId identity) implements Tls {
      static Mesh of(PeerTls peer) {
        return new Mesh(peer.identity());
      }
    }

    /** The labels, as in facts/proxy.md 4.1. */
    default Labels labels() {
      return switch (this) {
        case Absent(String reason) -> Labels.of("tls", "no_identity", "no_tls_reason", reason);
        case Passthrough(String serverName) -> Labels.of("tls", "opaque", "sni", serverName);
        case Mesh(PeerId identity) ->
            Labels.of("tls", "true", "client_id", identity == null ? "" : identity.text());
      };
    }
  }

  /** The verified mesh identity, or null. */
  @Nullable PeerId identity() {
    return tls instanceof Tls.Mesh(PeerId identity) ? identity : null;
  }

  private static Client client(InetSocketAddress address, Tls tls) {
    IpAddr ip = IpAddr.of(address.getAddress());
    return switch (tls) {
      case Tls.Absent _, Tls.Passthrough _ -> Client.plaintext(ip);
      case Tls.Mesh(PeerId identity) ->
          identity == null
              ? Client.anonymous(ip)
              : new Client(
                  ip,
                  new Client.Tls.Identified(identity.text(), identity.form() == PeerId.Form.DNS));
    };
  }
}

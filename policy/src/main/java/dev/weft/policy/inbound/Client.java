package dev.weft.policy.inbound;

import dev.weft.mesh.IpAddr;

/**
 * Who connects. Made once per connection and used for each of its requests.
 *
 * @param ip the address the connection comes from
 * @param tls what the mesh knows of the peer
 */
public record Client(IpAddr ip, Tls tls) {
  /** What the mesh knows of the peer. */
  public sealed interface Tls {
    /** No mesh TLS was ended by this proxy: plaintext, TLS of the application's own, or skipped. */
    record None() implements Tls {}

    /** Mesh TLS without a client certificate. */
    record Anonymous() implements Tls {}

    /**
     * Mesh TLS with a verified client certificate.
     *
     * @param identity the name it was issued for
     * @param dns whether the name is a DNS name rather than a URI; only those match suffixes
     */
    record Identified(String identity, boolean dns) implements Tls {}
  }

  /** A client without mesh TLS. */
  public static Client plaintext(IpAddr ip) {
    return new Client(ip, new Tls.None());
  }

  /** A client with mesh TLS and no certificate. */
  public static Client anonymous(IpAddr ip) {
    return new Client(ip, new Tls.Anonymous());
  }

  /** A client with a verified DNS identity. */
  public static Client identified(IpAddr ip, String identity) {
    return new Client(ip, new Tls.Identified(identity, true));
  }
}

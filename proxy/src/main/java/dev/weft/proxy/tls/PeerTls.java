package dev.weft.proxy.tls;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a finished handshake established about the peer. Set on the channel before the handshake is
 * reported to anyone; never changes afterwards.
 *
 * @param identity the peer's verified identity (first DNS or URI name of its leaf), null when a
 *     client showed no certificate
 * @param version for example {@code TLSv1.3}
 * @param cipher for example {@code TLS_AES_128_GCM_SHA256}
 * @param group the key-exchange group, for example {@code X25519MLKEM768}
 * @param alpn the negotiated protocol, null if none
 * @param serverName the SNI of the handshake, null if none was sent
 */
public record PeerTls(
    @Nullable PeerId identity,
    String version,
    String cipher,
    String group,
    @Nullable String alpn,
    @Nullable String serverName) {
  private static final AttributeKey<PeerTls> KEY = AttributeKey.valueOf(PeerTls.class, "peer");

  /** The ALPN name two proxies agree on for connections that begin with a transport header. */
  public static final String TRANSPORT_ALPN = "transport.l5d.io/v1";

  /** Whether the peer agreed to begin with a transport header. */
  public boolean transportNegotiated() {
    return TRANSPORT_ALPN.equals(alpn);
  }

  /** The peer of a channel whose mesh handshake is done; empty before, and on plaintext. */
  public static Optional<PeerTls> of(Channel channel) {
    return Optional.ofNullable(channel.attr(KEY).get());
  }

  static void set(Channel channel, PeerTls peer) {
    channel.attr(KEY).set(peer);
  }
}

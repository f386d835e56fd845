package dev.weft.proxy.outbound;

import dev.weft.mesh.Authority;
import dev.weft.mesh.IpAddr;
import dev.weft.proxy.control.Target;
import dev.weft.proxy.tls.PeerId;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;

/** Reads what clients of the explicit mode name as their target. */
final class Targets {
  private static final int HTTP_PORT = 80;

  private Targets() {}

  /** The target of an authority; empty if its host is neither an address nor a DNS name. */
  static Optional<Target> of(Authority authority) {
    int port = authority.portOr(HTTP_PORT);
    Optional<IpAddr> ip = authority.ip();
    if (ip.isPresent()) {
      return Optional.of(
          new Target.Address(new InetSocketAddress(ip.get().unmapped().toInetAddress(), port)));
    }
    String host = authority.host().toLowerCase(Locale.ROOT);
    String plain = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return PeerId.isDnsName(plain) ? Optional.of(new Target.Name(host, port)) : Optional.empty();
  }

  /** The target of {@code host[:port]}; empty if the text is none. */
  static Optional<Target> parse(CharSequence text) {
    return Authority.tryParse(text.toString()).flatMap(Targets::of);
  }
}

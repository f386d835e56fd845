package dev.weft.proxy.control;

import java.net.InetSocketAddress;

/**
 * Where a client wants to go: an address it connected to, or a name it spoke. Immutable; used as
 * key of caches.
 */
public sealed interface Target {

  /**
   * The original destination of an intercepted connection.
   *
   * @param address a resolved address and port
   */
  record Address(InetSocketAddress address) implements Target {
    public Address {
      if (address.isUnresolved()) {
        throw new IllegalArgumentException("target address " + address + " is not resolved");
      }
    }

    @Override
    public String text() {
      return Endpoint.text(address);
    }
  }

  /**
   * A named authority, as a client of the explicit mode gives it.
   *
   * @param host a DNS name, lower case
   * @param port 1 to 65535
   */
  record Name(String host, int port) implements Target {
    public Name {
      if (host.isEmpty() || port < 1 || port > 65_535) {
        throw new IllegalArgumentException("target name " + host + ":" + port + " is not usable");
      }
    }

    @Override
    public String text() {
      return host + ":" + port;
    }
  }

  /** The target as {@code host:port}, IPv6 in brackets: what the control plane is asked for. */
  String text();
}

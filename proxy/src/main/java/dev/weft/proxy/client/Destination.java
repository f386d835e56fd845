package dev.weft.proxy.client;

import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.Endpoint.EndpointTls;
import dev.weft.proxy.transport.TransportHeader;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection goes and what is said before its session begins.
 *
 * @param address resolved address to dial
 * @param tls mesh TLS to speak, null for plaintext
 * @param header sent after the handshake if the peer agrees to transport headers; only with TLS
 */
public record Destination(
    InetSocketAddress address, @Nullable EndpointTls tls, @Nullable TransportHeader header) {

  public Destination {
    if (header != null && tls == null) {
      throw new IllegalArgumentException("a transport header to " + address + " needs mesh TLS");
    }
  }

  /** Plaintext to an address. */
  public static Destination plain(InetSocketAddress address) {
    return new Destination(address, null, null);
  }

  /** For logs: address, and identity where there is one. */
  @Override
  public String toString() {
    String text = Endpoint.text(address);
    return tls == null ? text : text + " (" + tls.identity() + ")";
  }
}

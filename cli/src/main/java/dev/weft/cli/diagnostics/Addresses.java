package dev.weft.cli.diagnostics;

import dev.weft.api.net.IPAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Addresses of the wire as text. */
final class Addresses {
  private static final int IPV6_BYTES = 16;

  private Addresses() {}

  static String text(IPAddress ip) {
    byte[] bytes =
        switch (ip.getIpCase()) {
          case IPV4 -> ByteBuffer.allocate(Integer.BYTES).putInt(ip.getIpv4()).array();
          case IPV6 ->
              ByteBuffer.allocate(IPV6_BYTES)
                  .putLong(ip.getIpv6().getFirst())
                  .putLong(ip.getIpv6().getLast())
                  .array();
          case IP_NOT_SET -> new byte[0];
        };
    try {
      return bytes.length == 0 ? "" : InetAddress.getByAddress(bytes).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }
}

package dev.weft.proxy.tcp;

import dev.weft.proxy.config.ProxyMode;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where an accepted connection wanted to go before iptables redirected it to the proxy. Runs on the
 * channel's loop.
 *
 * <p>The family of the peer's address selects the question ({@code SO_ORIGINAL_DST} or {@code
 * IP6T_SO_ORIGINAL_DST}), because a dual-stack listener accepts both; IPv4-mapped addresses are
 * unwrapped. A connection the kernel knows no translation of was made to the proxy itself, so its
 * local address is the answer.
 *
 * <p>Source: facts/proxy.md 1.1; linux/netfilter_ipv4.h, linux/netfilter_ipv6/ip6_tables.h.
 */
public final class OriginalDestination {
  private static final int SOL_IP = 0;
  private static final int SOL_IPV6 = 41;
  private static final int SO_ORIGINAL_DST = 80;
  private static final int SOCKADDR_IN_BYTES = 16;
  private static final int SOCKADDR_IN6_BYTES = 28;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  /** Offsets in {@code sockaddr_in} and {@code sockaddr_in6}. */
  private static final int PORT_AT = 2;

  private static final int IPV4_AT = 4;
  private static final int IPV6_AT = 8;

  /** errno values that say "this connection was not translated": no entry, no such option. */
  private static final String[] NOT_TRANSLATED = {"ENOENT", "ENOPROTOOPT", "EOPNOTSUPP"};

  private static final ChannelOption<ByteBuffer> IPV4 =
      new RawUnixChannelOption("SO_ORIGINAL_DST", SOL_IP, SO_ORIGINAL_DST, SOCKADDR_IN_BYTES);
  private static final ChannelOption<ByteBuffer> IPV6 =
      new RawUnixChannelOption(
          "IP6T_SO_ORIGINAL_DST", SOL_IPV6, SO_ORIGINAL_DST, SOCKADDR_IN6_BYTES);

  private OriginalDestination() {}

  /**
   * The original destination; in explicit mode the local address, and the kernel is not asked.
   *
   * @throws IOException if the connection is gone or the kernel refuses for another reason than not
   *     having translated it: then the connection must be dropped
   */
  public static InetSocketAddress of(SocketChannel channel, ProxyMode mode) throws IOException {
    InetSocketAddress local = channel.localAddress();
    InetSocketAddress peer = channel.remoteAddress();
    if (local == null || peer == null) {
      throw new IOException("original destination not read; cause: the connection is gone");
    }
    local = unwrapped(local);
    if (mode == ProxyMode.EXPLICIT) {
      return local;
    }
    boolean ipv6 = unwrapped(peer).getAddress() instanceof Inet6Address;
    ByteBuffer raw;
    try {
      raw = channel.config().getOption(ipv6 ? IPV6 : IPV4);
    } catch (ChannelException e) {
      String errno = Errno.of(e);
      if (Arrays.asList(NOT_TRANSLATED).contains(errno)) {
        return local;
      }
      throw new IOException(
          "original destination of a connection from "
              + peer
              + " not read; cause: "
              + e.getMessage(),
          e);
    }
    return raw == null ? local : parse(raw, ipv6);
  }

  /** Reads a {@code sockaddr}: family in host order, port and address in network order. */
  static InetSocketAddress parse(ByteBuffer raw, boolean ipv6) throws IOException {
    int size = ipv6 ? SOCKADDR_IN6_BYTES : SOCKADDR_IN_BYTES;
    if (raw.remaining() < size) {
      throw new IOException(
          "original destination has " + raw.remaining() + " of " + size + " bytes");
    }
    int start = raw.position();
    int port = (raw.get(start + PORT_AT) & 0xff) << 8 | (raw.get(start + PORT_AT + 1) & 0xff);
    byte[] ip = new byte[ipv6 ? IPV6_BYTES : IPV4_BYTES];
    raw.get(start + (ipv6 ? IPV6_AT : IPV4_AT), ip);
    // The JDK turns an IPv4-mapped address into an IPv4 one here.
    return new InetSocketAddress(InetAddress.getByAddress(ip), port);
  }

  /** The address with an IPv4-mapped IPv6 address turned into its IPv4 address. */
  public static InetSocketAddress unwrapped(InetSocketAddress address) {
    @Nullable InetAddress ip = address.getAddress();
    if (!(ip instanceof Inet6Address)) {
      return address;
    }
    byte[] bytes = ip.getAddress();
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return address;
      }
    }
    if (bytes[10] != (byte) 0xff || bytes[11] != (byte) 0xff) {
      return address;
    }
    try {
      InetAddress plain = InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, IPV6_BYTES));
      return new InetSocketAddress(plain, address.getPort());
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }
}

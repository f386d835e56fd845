package dev.weft.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.proxy.config.ProxyMode;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OriginalDestinationTest {
  @Test
  void parse_ipv4_readsPortAndAddressInNetworkOrder() throws Exception {
    ByteBuffer raw = bytes("0200 1f90 0a2a0007 0000000000000000");
    assertThat(OriginalDestination.parse(raw, false))
        .isEqualTo(new InetSocketAddress("10.42.0.7", 8080));
  }

  @Test
  void parse_ipv6_readsPortAndAddress() throws Exception {
    ByteBuffer raw = bytes("0a00 01bb 00000000 20010db8000000000000000000000001 00000000");
    assertThat(OriginalDestination.parse(raw, true))
        .isEqualTo(new InetSocketAddress("2001:db8::1", 443));
  }

  @Test
  void parse_ipv4MappedIpv6_isUnwrapped() throws Exception {
    ByteBuffer raw = bytes("0a00 0050 00000000 00000000000000000000ffff0a010203 00000000");
    assertThat(OriginalDestination.parse(raw, true))
        .isEqualTo(new InetSocketAddress("10.1.2.3", 80));
  }

  @Test
  void parse_tooFewBytes_isRefused() {
    assertThatThrownBy(() -> OriginalDestination.parse(bytes("0200 1f90"), false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("4 of 16 bytes");
  }

  @Test
  void unwrapped_mappedAddress_isIpv4() throws Exception {
    byte[] mapped = HexFormat.of().parseHex("00000000000000000000ffff7f000001");
    InetAddress ip = Inet6Address.getByAddress(null, mapped, 0);
    assertThat(ip).isInstanceOf(Inet6Address.class);
    assertThat(OriginalDestination.unwrapped(new InetSocketAddress(ip, 7)))
        .isEqualTo(new InetSocketAddress("127.0.0.1", 7));
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void of_connectionThatWasNotTranslated_isTheLocalAddress(ProxyMode mode) throws Exception {
    for (String address : new String[] {"127.0.0.1", "::1"}) {
      try (SocketPair pair = SocketPair.open(address)) {
        SocketChannel accepted = pair.accepted();
        InetSocketAddress found =
            accepted.eventLoop().submit(() -> OriginalDestination.of(accepted, mode)).get();
        assertThat(found).isEqualTo(accepted.localAddress());
      }
    }
  }

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }
}

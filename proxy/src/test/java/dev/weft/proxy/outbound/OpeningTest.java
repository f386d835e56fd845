package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.Authority;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class OpeningTest {
  @Test
  void connect_arrivingByteByByte_isReadWhenComplete() {
    String head = "CONNECT [::1]:443 HTTP/1.1\r\nHost: x\r\n\r\n";
    for (int length = 1; length < head.length(); length++) {
      assertThat(of(head.substring(0, length), false)).isNull();
    }
    assertThat(of(head, false)).isEqualTo(new Opening.Connect(Authority.parse("[::1]:443")));
  }

  @Test
  void connect_leavesWhatFollows() {
    ByteBuf bytes = bytes("CONNECT a:1 HTTP/1.1\r\n\r\nrest");
    assertThat(Opening.of(bytes, false)).isInstanceOf(Opening.Connect.class);
    assertThat(bytes.toString(StandardCharsets.US_ASCII)).isEqualTo("rest");
  }

  @Test
  void socksGreeting_isConsumedWhenComplete() {
    ByteBuf cut = Unpooled.wrappedBuffer(new byte[] {5, 2, 0});
    assertThat(Opening.of(cut, false)).isNull();
    assertThat(Opening.of(cut, true)).isInstanceOf(Opening.Bad.class);
    ByteBuf whole = Unpooled.wrappedBuffer(new byte[] {5, 2, 1, 0, 9});
    assertThat(Opening.of(whole, false)).isEqualTo(new Opening.Socks());
    assertThat(whole.readableBytes()).isEqualTo(1);
  }

  @Test
  void otherRequests_areNotConsumed() {
    ByteBuf http1 = bytes("GET http://a/ HTTP/1.1\r\n\r\n");
    assertThat(Opening.of(http1, false)).isEqualTo(new Opening.Http1());
    assertThat(http1.readerIndex()).isZero();
    ByteBuf http2 = bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    assertThat(Opening.of(http2, false)).isEqualTo(new Opening.Http2());
    assertThat(http2.readerIndex()).isZero();
  }

  @Test
  void connect_withBareLineFeeds_isNeverComplete() {
    assertThat(of("CONNECT a:1 HTTP/1.1\nHost: x\n\n", false)).isNull();
    assertThat(of("CONNECT a:1 HTTP/1.1\nHost: x\n\n", true)).isInstanceOf(Opening.Bad.class);
  }

  @Property(tries = 2000)
  void anyBytes_areJudgedWithoutFailure(
      @ForAll @Size(min = 1, max = 60) byte[] bytes, @ForAll boolean end) {
    Opening opening = Opening.of(Unpooled.wrappedBuffer(bytes), end);
    assertThat(end && opening == null).isFalse();
  }

  @Property(tries = 2000)
  void anySocksRequest_isJudgedWithoutFailure(
      @ForAll @Size(max = 60) byte[] tail, @ForAll boolean end) {
    ByteBuf bytes = Unpooled.wrappedBuffer(new byte[] {5, 1, 0}, tail);
    SocksRequest request = SocksRequest.of(bytes, end);
    assertThat(end && request == null).isFalse();
  }

  private static @Nullable Opening of(String text, boolean end) {
    return Opening.of(bytes(text), end);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }
}

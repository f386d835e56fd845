package dev.weft.proxy.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.testing.TestHello;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloTest {
  private static final String NAME = "web.default.serviceaccount.identity.linkerd.cluster.local";

  @Test
  void hello_withServerName_isNamed() throws Exception {
    ByteBuf hello = Unpooled.wrappedBuffer(TestHello.of(NAME));
    assertThat(ClientHello.of(hello, false)).isEqualTo(new ClientHello.Named(NAME));
    assertThat(hello.readerIndex()).isZero();
  }

  @Test
  void hello_inPieces_isWaitedForUntilTheNameIsThere() throws Exception {
    byte[] hello = TestHello.of(NAME);
    int decided = -1;
    for (int length = 0; length <= hello.length; length++) {
      ByteBuf part = Unpooled.wrappedBuffer(hello, 0, length);
      ClientHello verdict = ClientHello.of(part, false);
      if (verdict != null) {
        assertThat(verdict).isEqualTo(new ClientHello.Named(NAME));
        decided = length;
        break;
      }
      assertThat(ClientHello.of(part, true)).isEqualTo(ClientHello.NOT_TLS);
    }
    assertThat(decided).isBetween(NAME.length(), hello.length);
  }

  @Test
  void hello_withoutServerName_isNotTls() throws Exception {
    assertThat(ClientHello.of(Unpooled.wrappedBuffer(TestHello.of(null)), false))
        .isEqualTo(ClientHello.NOT_TLS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "SSH-2.0-x\r\n",
        "\u0016\u0002", // major version 2
        "\u0016\u0003\u0004", // record minor version 4
        "\u0016\u0003\u0001\u0000\u0004\u0002", // ServerHello
        "\u0016\u0003\u0001\u0000\u0004\u0001\u0001", // 65 536 bytes or more
        "\u0016\u0003\u0001\u0000\u0004\u0001\u0000\u0000\u0009", // longer than its record
      })
  void otherBytes_areKnownAtTheFirstThatDiffers(String text) {
    ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    assertThat(ClientHello.of(bytes, false)).isEqualTo(ClientHello.NOT_TLS);
  }

  @Test
  void damagedHellos_neverFailAndNeverReadBeyond() throws Exception {
    byte[] good = TestHello.of(NAME);
    Random random = new Random(11);
    for (int i = 0; i < 50_000; i++) {
      byte[] bad = good.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        // Mostly lengths matter, and most of them lie in the first bytes.
        bad[random.nextInt(random.nextBoolean() ? bad.length : 120)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(bad.length + 1);
      ClientHello verdict = ClientHello.of(Unpooled.wrappedBuffer(bad, 0, length), true);
      assertThat(verdict).isNotNull();
    }
  }

  @Test
  void randomBytes_neverFail() {
    Random random = new Random(13);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      if (bytes.length > 3) {
        bytes[0] = 22;
        bytes[1] = 3;
        bytes[2] = 1;
      }
      assertThat(ClientHello.of(Unpooled.wrappedBuffer(bytes), true)).isNotNull();
    }
  }
}

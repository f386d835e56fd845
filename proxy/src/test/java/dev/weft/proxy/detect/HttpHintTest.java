package dev.weft.proxy.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpHintTest {
  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({
    "GET / HTTP/1.1,HTTP_1",
    "POST http://a:1/b?c HTTP/1.0,HTTP_1",
    "CONNECT a:443 HTTP/1.1,HTTP_1",
    "M-SEARCH * HTTP/1.1,HTTP_1",
    "PRI * HTTP/2.0,HTTP_2",
  })
  void http_inPieces_isWaitedForAndRecognised(String text, HttpHint expected) {
    for (int length = 0; length < text.length(); length++) {
      assertThat(HttpHint.of(bytes(text.substring(0, length)), false))
          .as(text.substring(0, length))
          .isNull();
    }
    ByteBuf whole = bytes(text + "\r\nmore");
    assertThat(HttpHint.of(whole, false)).isEqualTo(expected);
    assertThat(whole.readerIndex()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001",
        "\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "SSH-2.0-OpenSSH_9.6 Ubuntu\r\n",
        "PING\r\n",
        "GET key\r\n",
        "set key 0 0 1\r\n",
        "SET key value",
        "INFO {\"server_id\"}  \r\n",
        "GET / HTTP/2",
        "GET / HTTP/1.2",
        "GET  / HTTP/1.1",
        "PRI * HTTP/2.1",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmn",
      })
  void otherProtocols_areKnownWithoutWaiting(String text) {
    assertThat(HttpHint.of(bytes(text), false)).isEqualTo(HttpHint.OTHER);
  }

  @Test
  void targetBeyondTheBound_isLeftToHttp() {
    String text = "GET /" + "x".repeat(HttpHint.MAX_BYTES);
    assertThat(HttpHint.of(bytes(text), true)).isEqualTo(HttpHint.HTTP_1);
  }

  @Test
  void endOfInput_alwaysDecides() {
    Random random = new Random(17);
    String alphabet = "GET PRI*/HTTP12.0\r\n\u0000\u00ff";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(24); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(HttpHint.of(bytes(text.toString()), true)).isNotNull();
    }
  }
}

package dev.weft.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.proxy.transport.TransportHeader.MalformedException;
import dev.weft.proxy.transport.TransportHeader.Session;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransportHeaderTest {
  private static final String PREFACE = "transport.l5d.io/v1\r\n\r\n";

  @ParameterizedTest
  @CsvSource({"8080,'',OPAQUE", "1,'',HTTP_1", "65535,api.shop.svc.cluster.local,HTTP_2"})
  void decode_encoded_isTheSameAndLeavesWhatFollows(int port, String name, Session session)
      throws Exception {
    TransportHeader header = new TransportHeader(port, name, session);
    ByteBuf bytes = header.encode(ByteBufAllocator.DEFAULT);
    bytes.writeBytes("GET".getBytes(StandardCharsets.US_ASCII));

    assertThat(TransportHeader.decode(bytes)).isEqualTo(header);
    assertThat(bytes.toString(StandardCharsets.US_ASCII)).isEqualTo("GET");
    bytes.release();
  }

  @Test
  void encode_httpTwo_hasTheBytesOfTheContract() {
    ByteBuf bytes = new TransportHeader(4_096, "", Session.HTTP_2).encode(ByteBufAllocator.DEFAULT);
    String golden =
        ByteBufUtil.hexDump(PREFACE.getBytes(StandardCharsets.US_ASCII))
            + "00000007" // length
            + "088020" // port = 4096
            + "1a021200"; // session_protocol { http_2 {} }
    assertThat(ByteBufUtil.hexDump(bytes)).isEqualTo(golden);
    bytes.release();
  }

  @Test
  void decode_everyProperPrefix_waitsAndConsumesNothing() throws Exception {
    ByteBuf whole = new TransportHeader(80, "a.b", Session.HTTP_1).encode(ByteBufAllocator.DEFAULT);
    for (int length = 0; length < whole.readableBytes(); length++) {
      ByteBuf part = whole.slice(0, length);
      assertThat(TransportHeader.decode(part)).isNull();
      assertThat(part.readerIndex()).isZero();
    }
    whole.release();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n", // another protocol, known at its first byte
        PREFACE + "\u0000\u0001\u0000\u0000", // 65 536 bytes announced
        PREFACE + "\u0000\u0000\u0000\u0000", // no port
        PREFACE + "\u0000\u0000\u0000\u0002\b\u0000", // port 0
        PREFACE + "\u0000\u0000\u0000\u0004\b\u0080\u0080\u0004", // port 65 536
        PREFACE + "\u0000\u0000\u0000\u0003\b\u0001\u000b", // a group never closed
        PREFACE + "\u0000\u0000\u0000\u0006\bP\u0012\u0002..", // name is no DNS name
      })
  void decode_unacceptable_isRefusedWithCause(String text) {
    ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> TransportHeader.decode(bytes))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith("transport header refused; cause: ");
    bytes.release();
  }

  @Test
  void decode_randomMessages_neverFailsOtherwise() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] message = new byte[random.nextInt(64)];
      random.nextBytes(message);
      ByteBuf bytes =
          Unpooled.buffer()
              .writeBytes(PREFACE.getBytes(StandardCharsets.US_ASCII))
              .writeInt(message.length)
              .writeBytes(message);
      try {
        TransportHeader header = TransportHeader.decode(bytes);
        assertThat(header).isNotNull();
        assertThat(bytes.isReadable()).isFalse();
      } catch (MalformedException _) {
        assertThat(bytes.readerIndex()).isZero();
      }
      bytes.release();
    }
  }
}

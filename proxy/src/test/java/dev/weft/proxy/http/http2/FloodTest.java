package dev.weft.proxy.http.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.Refusal;
import dev.weft.proxy.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 9113, section 10.5: peers that keep this side busy lose their connection, soon. */
class FloodTest {
  private static final int FAR_TOO_MANY = 20_000;

  private TestServer server = TestServer.ready();

  @AfterEach
  void finish() {
    server.finish();
  }

  /** Sends until the server hangs up; returns what it sent. */
  private List<String> flood(IntFunction<byte[]> attack) {
    List<String> received = new ArrayList<>();
    for (int i = 0; i < FAR_TOO_MANY && server.connection.isOpen(); i++) {
      server.send(attack.apply(i));
      received.addAll(server.received());
    }
    return received;
  }

  private void assertCalmed(List<String> received) {
    assertEnded(received, ErrorCode.ENHANCE_YOUR_CALM);
  }

  private void assertEnded(List<String> received, ErrorCode code) {
    assertThat(received).last().asString().startsWith("GOAWAY").endsWith(code.name());
    Refusal refusal = server.refusals.getLast();
    assertThat(refusal.closes()).isTrue();
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(server.connection.activeExchanges()).isZero();
    server.advance(HangUp.LINGER_MILLIS);
    assertThat(server.channel.isOpen()).isFalse();
  }

  @Test
  void rapidReset_endsTheConnection() {
    assertCalmed(
        flood(
            i ->
                Wire.concat(
                    server.wire.headers(2 * i + 1, true, Wire.GET), Wire.rst(2 * i + 1, 8))));
    assertThat(server.requests).hasSizeLessThan(1000);
    assertThat(server.requests.getLast().heard().reset).isNotNull();
  }

  @Test
  void resetsProvokedFromTheServer_endTheConnection() {
    assertCalmed(
        flood(
            i ->
                Wire.concat(
                    server.wire.headers(2 * i + 1, true, Wire.GET),
                    Wire.windowUpdate(2 * i + 1, 0))));
    assertThat(server.requests).hasSizeLessThan(1000);
  }

  @Test
  void cancelsAmongCompletedRequests_areFine() {
    for (int i = 0; i < 3000; i++) {
      server.send(server.wire.headers(4 * i + 1, true, Wire.GET));
      server.last().exchange().respond(TestServer.head(200), true);
      server.send(server.wire.headers(4 * i + 3, true, Wire.GET), Wire.rst(4 * i + 3, 8));
    }

    assertThat(server.connection.isOpen()).isTrue();
  }

  @Test
  void cancelsOfResponsesUnderWay_areFine() {
    for (int i = 0; i < 3000; i++) {
      server.send(server.wire.headers(2 * i + 1, true, Wire.GET));
      server.last().exchange().respond(TestServer.head(200), false);
      server.send(Wire.rst(2 * i + 1, 8));
    }

    assertThat(server.connection.isOpen()).isTrue();
  }

  @Test
  void settingsFlood_endsTheConnection() {
    assertCalmed(flood(i -> Wire.settings()));
  }

  @Test
  void settingsFrame_withThousandsOfEntries_endsTheConnection() {
    int[] entries = new int[2 * 2000];
    Arrays.fill(entries, 4);
    assertCalmed(flood(i -> Wire.settings(entries)));
  }

  @Test
  void pingFlood_endsTheConnection() {
    assertCalmed(flood(i -> Wire.ping(i, false)));
  }

  @Test
  void pings_oneForEveryDataFrame_areFine() {
    server.send(server.wire.headers(1, false, Wire.POST));
    for (int i = 0; i < 3000; i++) {
      server.send(Wire.data(1, false, "x"), Wire.ping(i, false));
    }

    assertThat(server.connection.isOpen()).isTrue();
    server.received();
  }

  @Test
  void pings_comingSlowly_areFine() {
    for (int i = 0; i < 3000; i++) {
      server.send(Wire.ping(i, false));
      server.advance(10);
    }

    assertThat(server.connection.isOpen()).isTrue();
  }

  @Test
  void continuationFlood_endsTheConnectionWithinTheBlockBound() {
    server.send(Wire.frame(Frames.HEADERS, 0, 1, Wire.rawBlock(Wire.GET)));
    byte[] more = Wire.rawBlock("a=" + "b".repeat(120));
    byte[] chunk = new byte[more.length * 100];
    for (int i = 0; i < 100; i++) {
      System.arraycopy(more, 0, chunk, i * more.length, more.length);
    }
    assertCalmed(flood(i -> Wire.frame(Frames.CONTINUATION, 0, 1, chunk)));
    assertThat(server.requests).isEmpty();
  }

  @Test
  void continuationFlood_withEmptyFrames_endsTheConnection() {
    server.send(Wire.frame(Frames.HEADERS, 0, 1, Wire.rawBlock(Wire.GET)));
    assertCalmed(flood(i -> Wire.frame(Frames.CONTINUATION, 0, 1)));
  }

  @Test
  void emptyDataFlood_endsTheConnection() {
    server.send(server.wire.headers(1, false, Wire.POST));
    assertCalmed(flood(i -> Wire.data(1, false, "")));
  }

  @Test
  void emptyDataFlood_ofPaddingOnly_endsTheConnection() {
    server.send(server.wire.headers(1, false, Wire.POST));
    assertCalmed(flood(i -> Wire.frame(Frames.DATA, Frames.FLAG_PADDED, 1, (byte) 1, (byte) 0)));
  }

  @Test
  void windowUpdateFlood_endsTheConnection() {
    assertCalmed(flood(i -> Wire.windowUpdate(0, 1)));
  }

  @Test
  void priorityFlood_endsTheConnection() {
    assertCalmed(flood(i -> Wire.frame(Frames.PRIORITY, 0, 3, new byte[5])));
  }

  @Test
  void unknownFrameFlood_endsTheConnection() {
    assertCalmed(flood(i -> Wire.frame(0xee, 0, 0, new byte[10])));
  }

  @Test
  void resetFlood_onClosedStreams_endsTheConnection() {
    server.send(server.wire.headers(1, true, Wire.GET));
    server.last().exchange().respond(TestServer.head(200), true);
    assertCalmed(flood(i -> Wire.rst(1, 8)));
  }

  @Test
  void dataFlood_onClosedStream_endsTheConnection() {
    server.send(server.wire.headers(1, false, Wire.POST));
    server.last().exchange().reset(Reset.CANCEL);
    assertCalmed(flood(i -> Wire.data(1, false, "x")));
  }

  @Test
  void headerList_tooLarge_gets431AndKeepsTheConnection() {
    server.send(
        server.wire.headers(
            1,
            false,
            ":method=GET",
            ":scheme=http",
            ":path=/",
            "a=" + "x".repeat(14_000),
            "b=" + "y".repeat(4_000)));
    assertThat(server.requests).isEmpty();
    assertThat(server.received())
        .containsExactly("HEADERS 1 :status=431 content-length=0 end", "RST_STREAM 1 NO_ERROR");
    assertThat(server.refusals.getFirst().status()).isEqualTo(431);

    server.send(Wire.data(1, true, "late"), server.wire.headers(3, true, Wire.GET));
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void hpackBomb_gets431WithoutBeingUnpacked() {
    // One entry of 4 000 bytes, named 16 000 times by one byte each: 64 MB if unpacked.
    ByteBuf block = Unpooled.buffer();
    block.writeBytes(server.wire.block(":method=GET", ":scheme=http", ":path=/"));
    block.writeByte(0x40).writeByte(1).writeByte('a');
    block.writeByte(0x7f).writeByte(0xa1).writeByte(0x1e); // 4 000 as an integer of 7 bits
    block.writeBytes("x".repeat(4_000).getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 12_000; i++) {
      block.writeByte(0xbe);
    }
    byte[] bytes = new byte[block.readableBytes()];
    block.readBytes(bytes);
    byte[] head =
        Wire.frame(Frames.HEADERS, Frames.FLAG_END_STREAM, 1, Arrays.copyOf(bytes, 16_384));
    byte[] tail =
        Wire.frame(
            Frames.CONTINUATION,
            Frames.FLAG_END_HEADERS,
            1,
            Arrays.copyOfRange(bytes, Math.min(16_384, bytes.length), bytes.length));
    server.send(head, tail);

    assertThat(server.received()).containsExactly("HEADERS 1 :status=431 content-length=0 end");
    assertThat(server.requests).isEmpty();
  }

  @Test
  void trailers_tooLarge_resetTheStream() {
    server.send(
        server.wire.headers(1, false, Wire.POST),
        server.wire.headers(1, true, "a=" + "x".repeat(14_000), "b=" + "y".repeat(4_000)));

    assertThat(server.last().heard().events).containsExactly("reset VIOLATION/ENHANCE_YOUR_CALM");
  }

  @Test
  void frame_tooLarge_endsTheConnection() {
    server.send(new byte[] {0, 0x40, 1, 0, 0, 0, 0, 0, 1});
    assertEnded(server.received(), ErrorCode.FRAME_SIZE_ERROR);
  }

  @Test
  void streams_overTheLimit_areRefused() {
    server.finish();
    server = TestServer.ready(Http2Settings.DEFAULT.withMaxConcurrentStreams(1));
    server.send(server.wire.headers(1, true, Wire.GET), server.wire.headers(3, true, Wire.GET));
    assertThat(server.received()).containsExactly("RST_STREAM 3 REFUSED_STREAM");
    assertThat(server.requests).hasSize(1);

    server.last().exchange().respond(TestServer.head(200), true);
    server.send(server.wire.headers(5, true, Wire.GET));
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void streams_overTheLimitAgainAndAgain_endTheConnection() {
    server.finish();
    server = TestServer.ready(Http2Settings.DEFAULT.withMaxConcurrentStreams(1));
    assertCalmed(flood(i -> server.wire.headers(2 * i + 1, true, Wire.GET)));
  }

  @Test
  void garbage_insteadOfThePreface_endsTheConnection() {
    server.finish();
    server = new TestServer();
    server.received();
    server.send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

    assertEnded(server.received(), ErrorCode.PROTOCOL_ERROR);
  }

  @Test
  void input_afterTheEnd_isDiscardedWithinABound() {
    server.send(Wire.frame(Frames.PUSH_PROMISE, 4, 1, new byte[4]));
    assertThat(server.received()).last().isEqualTo("GOAWAY 0 PROTOCOL_ERROR");
    for (int i = 0; i < 100 && server.channel.isOpen(); i++) {
      server.send(new byte[16_384]);
    }

    assertThat(server.channel.isOpen()).isFalse();
  }
}

package dev.weft.proxy.http.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.http.Reset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 9113, section 5.2: who may send how much, and what it costs in memory. */
class FlowControlTest {
  private static final int FRAME = 16_384;

  private TestServer server = TestServer.ready();
  private TestClient client = TestClient.ready();

  @AfterEach
  void finish() {
    server.finish();
    client.finish();
  }

  // ---- receiving ----

  @Test
  void bytes_notConsumed_openNoWindow() {
    server.consumes = false;
    server.send(server.wire.headers(1, false, Wire.POST));
    for (int i = 0; i < 3; i++) {
      server.send(Wire.data(1, false, new byte[FRAME]));
    }
    assertThat(server.received()).isEmpty();

    server.last().exchange().consumed(2 * FRAME);
    assertThat(server.received()).containsExactly("WINDOW_UPDATE 1 32768");
  }

  @Test
  void bytes_consumedLittleByLittle_openTheWindowInOneUpdate() {
    server.send(server.wire.headers(1, false, Wire.POST));
    for (int i = 0; i < 32; i++) {
      server.send(Wire.data(1, false, new byte[1024]));
    }

    assertThat(server.received()).containsExactly("WINDOW_UPDATE 1 32768");
  }

  @Test
  void stream_beyondItsWindow_isReset() {
    server.consumes = false;
    server.send(server.wire.headers(1, false, Wire.POST));
    for (int i = 0; i < 4; i++) {
      server.send(Wire.data(1, false, new byte[FRAME]));
    }

    assertThat(server.last().heard().events).containsExactly("reset VIOLATION/FLOW_CONTROL_ERROR");
    assertThat(server.received()).containsExactly("RST_STREAM 1 FLOW_CONTROL_ERROR");
  }

  @Test
  void connection_beyondItsWindow_isClosed() {
    server.finish();
    server = TestServer.ready(Http2Settings.DEFAULT.withWindows(1 << 20, 65_535));
    server.consumes = false;
    server.send(server.wire.headers(1, false, Wire.POST));
    for (int i = 0; i < 4; i++) {
      server.send(Wire.data(1, false, new byte[FRAME]));
    }

    assertThat(server.received()).containsExactly("GOAWAY 1 FLOW_CONTROL_ERROR");
    assertThat(server.refusals.getLast().closes()).isTrue();
  }

  @Test
  void padding_isCreditedByItself() {
    server.consumes = false;
    server.send(server.wire.headers(1, false, Wire.POST));
    byte[] padded = new byte[1 + 10 + 255];
    padded[0] = (byte) 255;
    for (int i = 0; i < 128; i++) {
      server.send(Wire.frame(Frames.DATA, Frames.FLAG_PADDED, 1, padded));
    }

    assertThat(server.received()).containsExactly("WINDOW_UPDATE 1 32768");
    assertThat(server.last().heard().bodyBytes).isEqualTo(1280);
  }

  @Test
  void growingWindow_doublesWithEachUpdate_upToItsBound() {
    server.finish();
    server = TestServer.ready(Http2Settings.DEFAULT.withGrowingWindows());
    server.send(server.wire.headers(1, false, Wire.POST));
    send(1, 2 << 20);

    assertThat(server.received().stream().filter(line -> line.startsWith("WINDOW_UPDATE 1 ")))
        .startsWith("WINDOW_UPDATE 1 98303", "WINDOW_UPDATE 1 196606", "WINDOW_UPDATE 1 393212")
        .endsWith("WINDOW_UPDATE 1 262144", "WINDOW_UPDATE 1 262144");
  }

  @Test
  void growingWindows_ofStreamsThatEnded_leaveTheConnectionWhatItHad() {
    server.finish();
    server = TestServer.ready(Http2Settings.DEFAULT.withGrowingWindows());
    int streams = 20;
    long sent = 0;
    for (int i = 0; i < streams; i++) {
      int stream = 2 * i + 1;
      server.send(server.wire.headers(stream, false, Wire.POST));
      send(stream, 1 << 20);
      sent += 1 << 20;
      server.last().exchange().reset(Reset.CANCEL);
    }

    long lastGrowth = Http2Settings.GROWN_STREAM_WINDOW_BYTES;
    assertThat(granted(server.received(), 0)).isBetween(sent - (1 << 20), sent + lastGrowth);
    assertThat(server.refusals).isEmpty();
  }

  @Test
  void growingWindows_ofManyStreams_growTheConnectionByNoMoreThanItsBound() {
    server.finish();
    server = TestServer.ready(Http2Settings.DEFAULT.withGrowingWindows());
    int streams = 20;
    for (int i = 0; i < streams; i++) {
      int stream = 2 * i + 1;
      server.send(server.wire.headers(stream, false, Wire.POST));
      send(stream, 1 << 20);
    }

    assertThat(granted(server.received(), 0))
        .isBetween(streams * (1L << 20), streams * (1L << 20) + ReceiveFlow.MAX_GROWTH_BYTES);
  }

  private void send(int stream, int bytes) {
    for (int sent = 0; sent < bytes; sent += FRAME) {
      server.send(Wire.data(stream, false, new byte[FRAME]));
    }
  }

  @Test
  void smallStreamWindow_holdsFromTheAcknowledgementOn() {
    server.finish();
    server = new TestServer(Http2Settings.DEFAULT.withWindows(100, 1 << 20));
    server.consumes = false;
    server.send(
        Wire.PREFACE,
        Wire.settings(),
        server.wire.headers(1, false, Wire.POST),
        Wire.data(1, false, new byte[FRAME]));
    assertThat(server.last().heard().events).isEmpty();

    server.send(Wire.settingsAck(), Wire.data(1, false, new byte[1]));
    assertThat(server.last().heard().events).containsExactly("reset VIOLATION/FLOW_CONTROL_ERROR");
  }

  @Test
  void manyResets_byServerUser_doNotExhaustTheConnectionWindow() {
    server.consumes = false;
    for (int i = 0; i < 200; i++) {
      int stream = 2 * i + 1;
      server.send(
          server.wire.headers(stream, false, Wire.POST), Wire.data(stream, false, new byte[FRAME]));
      server.last().exchange().reset(Reset.CANCEL);
      // What was on its way when the reset went out.
      server.send(Wire.data(stream, false, new byte[FRAME]));
    }

    assertThat(server.channel.isOpen()).isTrue();
    assertThat(server.refusals).isEmpty();
    assertThat(granted(server.received(), 0)).isGreaterThan(200L * 2 * FRAME - (1 << 20));
  }

  @Test
  void manyResets_byServer_doNotExhaustTheClientsConnectionWindow() {
    for (int i = 0; i < 1000; i++) {
      TestClient.Call call = client.open("GET", true);
      call.heard().consumes = false;
      int stream = 2 * i + 1;
      client.send(
          client.wire.headers(stream, false, ":status=200"),
          Wire.data(stream, false, new byte[FRAME]),
          Wire.rst(stream, 2));
      assertThat(call.heard().reset).isEqualTo(Reset.peer(2));
    }

    assertThat(granted(client.received(), 0)).isGreaterThan(1000L * FRAME - (1 << 20));
  }

  @Test
  void consumption_afterTheEnd_stillOpensTheConnectionWindow() {
    server.consumes = false;
    for (int i = 0; i < 32; i++) {
      int stream = 2 * i + 1;
      server.send(
          server.wire.headers(stream, false, Wire.POST), Wire.data(stream, true, new byte[FRAME]));
      server.last().exchange().respond(TestServer.head(200), true);
    }
    assertThat(granted(server.received(), 0)).isZero();
    server.requests.forEach(request -> request.exchange().consumed(FRAME));
    // Reporting more than was delivered opens nothing.
    server.requests.forEach(request -> request.exchange().consumed(FRAME));

    assertThat(granted(server.received(), 0)).isEqualTo(32L * FRAME);
  }

  private static long granted(List<String> frames, int stream) {
    String prefix = "WINDOW_UPDATE " + (stream == 0 ? "" : stream + " ");
    return frames.stream()
        .filter(line -> line.matches(prefix + "\\d+"))
        .mapToLong(line -> Long.parseLong(line.substring(prefix.length())))
        .sum();
  }

  // ---- sending ----

  @Test
  void body_largerThanTheStreamWindow_waitsForUpdates() {
    TestClient.Call call = client.open("POST", false);
    call.exchange().data(TestServer.zeros(100_000), false);
    call.exchange().data(TestServer.text("tail"), true);
    client.received();
    assertThat(call.heard().written).isEqualTo(65_535);

    client.send(Wire.windowUpdate(0, 100_000), Wire.windowUpdate(1, 34_464));
    assertThat(call.heard().written).isEqualTo(99_999);
    client.received();
    client.send(Wire.windowUpdate(1, 100));
    assertThat(client.received()).containsExactly("DATA 1 '\0'", "DATA 1 'tail' end");
    assertThat(call.heard().written).isEqualTo(100_004);
  }

  @Test
  void trailers_waitBehindBlockedData() {
    TestClient.Call call = client.open("POST", false);
    call.exchange().data(TestServer.zeros(65_536), false);
    call.exchange().trailers(TestServer.trailers("a=b"));
    assertThat(client.received()).last().asString().isEqualTo("DATA 1 16383 bytes");

    client.send(Wire.windowUpdate(0, 1), Wire.windowUpdate(1, 1));
    assertThat(client.received()).containsExactly("DATA 1 '\0'", "HEADERS 1 a=b end");
  }

  @Test
  void blockedStream_doesNotHoldUpAnother() {
    TestClient.Call first = client.open("POST", false);
    TestClient.Call second = client.open("POST", false);
    client.send(Wire.windowUpdate(0, 100_000));
    first.exchange().data(TestServer.zeros(70_000), false);
    second.exchange().data(TestServer.text("b"), true);

    assertThat(client.received()).endsWith("DATA 3 'b' end");
  }

  @Test
  void blockedStreams_takeTurns() {
    TestClient.Call first = client.open("POST", false);
    TestClient.Call second = client.open("POST", false);
    TestClient.Call third = client.open("POST", false);
    first.exchange().data(TestServer.zeros(65_535), false);
    second.exchange().data(TestServer.zeros(40_000), false);
    third.exchange().data(TestServer.zeros(40_000), false);
    client.received();
    client.send(Wire.windowUpdate(0, 4 * FRAME));

    assertThat(client.received())
        .containsExactly(
            "DATA 3 16384 bytes", "DATA 5 16384 bytes", "DATA 3 16384 bytes", "DATA 5 16384 bytes");
  }

  @Test
  void initialWindow_lowered_appliesToOpenStreams() {
    TestClient.Call call = client.open("POST", false);
    call.exchange().data(TestServer.zeros(1000), false);
    client.send(Wire.settings(Frames.SETTING_INITIAL_WINDOW_SIZE, 500));
    client.received();
    call.exchange().data(TestServer.text("x"), true);
    assertThat(client.received()).isEmpty();

    client.send(Wire.settings(Frames.SETTING_INITIAL_WINDOW_SIZE, 1001));
    assertThat(client.received()).containsExactly("SETTINGS ack", "DATA 1 'x' end");
  }

  @Test
  void windowUpdates_beyondTheLargestWindow_areErrors() {
    client.open("POST", false);
    client.send(Wire.windowUpdate(1, Integer.MAX_VALUE));
    assertThat(client.received()).endsWith("RST_STREAM 1 FLOW_CONTROL_ERROR");
    client.send(Wire.windowUpdate(0, Integer.MAX_VALUE));

    assertThat(client.received()).containsExactly("GOAWAY 0 FLOW_CONTROL_ERROR");
  }

  @Test
  void reset_whileBlocked_releasesWhatWaited() {
    TestClient.Call call = client.open("POST", false);
    call.exchange().data(TestServer.zeros(100_000), true);
    client.send(Wire.rst(1, 8));
    TestClient.Call other = client.open("POST", false);
    other.exchange().data(TestServer.zeros(100_000), true);
    other.exchange().reset(Reset.CANCEL);

    assertThat(client.connection.activeExchanges()).isZero();
    assertThat(call.heard().written).isEqualTo(65_535);
  }

  @Test
  void head_largerThanAFrame_isContinued() {
    TestClient.Call call = client.open("GET", true, "a=" + "x".repeat(40_000));

    assertThat(client.received())
        .containsExactly(
            "HEADERS 1 unfinished end", "CONTINUATION 1 16384 bytes", "CONTINUATION 1 7247 bytes");
    assertThat(call.heard().events).isEmpty();
  }
}

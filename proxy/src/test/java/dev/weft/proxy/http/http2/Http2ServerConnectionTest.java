package dev.weft.proxy.http.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.TargetForm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Http2ServerConnectionTest {
  private TestServer server = TestServer.ready();

  @AfterEach
  void finish() {
    server.finish();
  }

  private void restart(Http2Settings settings) {
    server.finish();
    server = TestServer.ready(settings);
  }

  // ---- messages ----

  @Test
  void connection_afterPreface_announcesItsLimits() {
    TestServer fresh = new TestServer();
    fresh.send(Wire.PREFACE, Wire.settings());

    assertThat(fresh.received())
        .containsExactly(
            "SETTINGS 3=100000 4=65535 5=16384 6=16384", "WINDOW_UPDATE 983041", "SETTINGS ack");
    fresh.finish();
  }

  @Test
  void request_withoutBody_isReportedAndAnswered() {
    server.answer =
        request -> request.exchange().respond(TestServer.head(204, "server=weft"), true);
    server.send(
        server.wire.headers(
            1,
            true,
            ":method=GET",
            ":scheme=http",
            ":path=/a?b",
            ":authority=web:80",
            "accept=*/*"));

    TestServer.Request request = server.last();
    assertThat(request.head().toString()).isEqualTo("GET /a HTTP/2.0");
    assertThat(request.head().authority.toString()).isEqualTo("web:80");
    assertThat(request.head().scheme.toString()).isEqualTo("http");
    assertThat(request.head().form).isEqualTo(TargetForm.ORIGIN);
    assertThat(Recorder.text(request.head().headers)).isEqualTo(" accept=*/*");
    assertThat(request.end()).isTrue();
    assertThat(server.received()).containsExactly("HEADERS 1 :status=204 server=weft end");
    assertThat(server.connection.activeExchanges()).isZero();
  }

  @Test
  void exchange_withBodiesAndTrailers_passesBothWays() {
    server.send(
        server.wire.headers(1, false, Wire.POST),
        Wire.data(1, false, "ping"),
        server.wire.headers(1, true, "x-sum=4"));
    TestServer.Request request = server.last();
    request.exchange().informational(TestServer.head(100));
    request.exchange().respond(TestServer.head(200), false);
    request.exchange().data(TestServer.text("pong"), false);
    request.exchange().trailers(TestServer.trailers("grpc-status=0"));

    assertThat(request.heard().events).containsExactly("trailers 'ping'  x-sum=4");
    assertThat(request.heard().written).isEqualTo(4);
    assertThat(server.received())
        .containsExactly(
            "HEADERS 1 :status=100",
            "HEADERS 1 :status=200",
            "DATA 1 'pong'",
            "HEADERS 1 grpc-status=0 end");
    assertThat(server.connection.activeExchanges()).isZero();
  }

  @Test
  void response_givenWithinOnRequest_reportsWrittenAfterwards() {
    server.answer =
        request -> {
          request.exchange().respond(TestServer.head(200), false);
          request.exchange().data(TestServer.text("hello"), true);
        };
    server.send(server.wire.headers(1, true, Wire.GET));

    assertThat(server.last().heard().written).isEqualTo(5);
    assertThat(server.received()).containsExactly("HEADERS 1 :status=200", "DATA 1 'hello' end");
  }

  @Test
  void trailers_whichAreEmpty_endWithEmptyData() {
    server.send(server.wire.headers(1, true, Wire.GET));
    server.last().exchange().respond(TestServer.head(200), false);
    server.last().exchange().trailers(TestServer.trailers());

    assertThat(server.received()).containsExactly("HEADERS 1 :status=200", "DATA 1 '' end");
  }

  @Test
  void connect_whenAccepted_becomesATunnel() {
    server.send(server.wire.headers(1, false, ":method=CONNECT", ":authority=db:5432"));
    TestServer.Request request = server.last();
    assertThat(request.head().form).isEqualTo(TargetForm.AUTHORITY);
    assertThat(request.head().upgrade).isTrue();
    request.exchange().upgrade(TestServer.head(200));
    request.exchange().data(TestServer.text("down"), false);
    server.send(Wire.data(1, false, "up"), Wire.data(1, true, "!"));
    request.exchange().data(TestServer.empty(), true);

    assertThat(request.heard().events).containsExactly("data 'up!' end");
    assertThat(server.received())
        .containsExactly("HEADERS 1 :status=200", "DATA 1 'down'", "DATA 1 '' end");
  }

  @Test
  void request_afterResponseEnded_isStillDelivered() {
    server.answer = request -> request.exchange().respond(TestServer.head(200), true);
    server.send(server.wire.headers(1, false, Wire.POST), Wire.data(1, false, "a"));
    server.send(Wire.data(1, true, "b"));

    assertThat(server.last().heard().events).containsExactly("data 'ab' end");
    assertThat(server.connection.activeExchanges()).isZero();
  }

  @Test
  void cookies_inPieces_areJoined() {
    server.send(
        Wire.rawHeaders(
            1,
            true,
            ":method=GET",
            ":scheme=http",
            ":path=/",
            "cookie=a=1",
            "accept=*/*",
            "cookie=b=2"));

    assertThat(Recorder.text(server.last().head().headers))
        .isEqualTo(" cookie=a=1; b=2 accept=*/*");
  }

  @Test
  void host_thatDiffersFromAuthority_isMadeEqual() {
    server.send(
        server.wire.headers(
            1, true, ":method=GET", ":scheme=http", ":path=/", ":authority=web", "host=admin"));

    assertThat(Recorder.text(server.last().head().headers)).isEqualTo(" host=web");
  }

  @Test
  void request_withoutAuthority_isAccepted() {
    server.send(server.wire.headers(1, true, ":method=GET", ":scheme=http", ":path=/"));

    assertThat(server.last().head().authority.toString()).isEmpty();
  }

  @Test
  void sensitiveField_onRequest_staysSensitive() {
    byte[] block = Wire.concat(Wire.rawBlock(Wire.GET), Wire.rawBlock("authorization=x"));
    block[Wire.rawBlock(Wire.GET).length] = 0x10;
    server.send(Wire.frame(Frames.HEADERS, 5, 1, block));

    assertThat(server.last().head().headers.isSensitive(0)).isTrue();
  }

  // ---- resets ----

  @Test
  void reset_byClient_keepsItsCode() {
    server.send(server.wire.headers(1, false, Wire.POST), Wire.rst(1, 0x8));

    assertThat(server.last().heard().reset).isEqualTo(Reset.peer(8));
    assertThat(server.connection.activeExchanges()).isZero();
  }

  @Test
  void reset_byUser_keepsItsCode() {
    server.send(server.wire.headers(1, false, Wire.POST));
    server.last().exchange().reset(Reset.local(ErrorCode.INTERNAL_ERROR, ""));
    server.send(Wire.data(1, true, "late"));

    assertThat(server.received()).containsExactly("RST_STREAM 1 INTERNAL_ERROR");
    assertThat(server.last().heard().events).isEmpty();
  }

  @Test
  void lateTrailers_afterOwnReset_keepTheCompressionState() {
    server.send(server.wire.headers(1, false, Wire.POST));
    server.last().exchange().reset(Reset.CANCEL);
    server.send(server.wire.headers(1, true, "x-late=1"));
    server.send(server.wire.headers(3, true, ":method=GET", ":scheme=http", ":path=/", "x-late=1"));

    assertThat(Recorder.text(server.last().head().headers)).isEqualTo(" x-late=1");
  }

  @Test
  void connection_whenPeerVanishes_resetsOpenExchanges() {
    server.send(server.wire.headers(1, false, Wire.POST));
    var _ = server.channel.close();
    server.channel.runPendingTasks();

    assertThat(server.last().heard().events).containsExactly("reset CONNECTION/CANCEL");
  }

  @Test
  void close_resetsOpenExchangesAndTellsThePeer() {
    server.send(server.wire.headers(1, false, Wire.POST));
    server.connection.close();

    assertThat(server.last().heard().events).containsExactly("reset CONNECTION/CANCEL");
    assertThat(server.received()).containsExactly("GOAWAY 1 NO_ERROR");
    assertThat(server.channel.isOpen()).isFalse();
  }

  // ---- drain ----

  @Test
  void drain_servesWhatThePeerSentMeanwhile_thenCloses() {
    server.send(server.wire.headers(1, false, Wire.POST));
    server.connection.drain();
    assertThat(server.received())
        .containsExactly("GOAWAY 2147483647 NO_ERROR", "PING " + Http2ServerConnection.DRAIN_PING);

    server.send(server.wire.headers(3, true, Wire.GET));
    server.send(Wire.ping(Http2ServerConnection.DRAIN_PING, true));
    assertThat(server.received()).containsExactly("GOAWAY 3 NO_ERROR");

    server.send(server.wire.headers(5, true, Wire.GET));
    assertThat(server.requests).hasSize(2);
    server.requests.get(0).exchange().respond(TestServer.head(200), true);
    server.requests.get(1).exchange().respond(TestServer.head(200), true);
    server.send(Wire.data(1, true, ""));
    assertThat(server.received())
        .containsExactly("HEADERS 1 :status=200 end", "HEADERS 3 :status=200 end");
    server.advance(HangUp.LINGER_MILLIS);
    assertThat(server.channel.isOpen()).isFalse();
  }

  @Test
  void drain_whenPingIsNotAnswered_goesOnAfterASecond() {
    server.connection.drain();
    server.received();
    server.advance(1000);

    assertThat(server.received()).containsExactly("GOAWAY 0 NO_ERROR");
  }

  @Test
  void sender_thatSendsOnOnWritten_doesNotRecurse() {
    server.send(Wire.windowUpdate(0, 1 << 24), server.wire.headers(1, true, Wire.GET));
    server.send(Wire.windowUpdate(1, 1 << 24));
    TestServer.Request request = server.last();
    request.heard().whenWritten =
        () -> request.exchange().data(TestServer.text("x"), request.heard().written == 20_000);
    request.exchange().respond(TestServer.head(200), false);
    request.exchange().data(TestServer.text("x"), false);

    assertThat(request.heard().written).isEqualTo(20_001);
    assertThat(server.connection.activeExchanges()).isZero();
    server.received();
  }
}

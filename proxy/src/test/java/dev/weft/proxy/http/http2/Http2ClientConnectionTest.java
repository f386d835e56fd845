package dev.weft.proxy.http.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import io.netty.util.AsciiString;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Http2ClientConnectionTest {
  private TestClient client = TestClient.ready();

  @AfterEach
  void finish() {
    client.finish();
  }

  private void restart(int... settings) {
    client.finish();
    client = TestClient.ready(settings);
  }

  @Test
  void connection_atFirst_sendsPrefaceAndSettings() {
    TestClient fresh = new TestClient();

    assertThat(fresh.received())
        .containsExactly("PREFACE", "SETTINGS 2=0 4=65535 5=16384 6=16384", "WINDOW_UPDATE 983041");
    fresh.finish();
  }

  @Test
  void exchange_withBodiesAndTrailers_passesBothWays() {
    TestClient.Call call = client.open("POST", false, "te=trailers");
    call.exchange().data(TestServer.text("ping"), false);
    call.exchange().trailers(TestServer.trailers("x-sum=4"));
    assertThat(client.received())
        .containsExactly(
            "HEADERS 1 :method=POST :scheme=http :path=/ :authority=web te=trailers",
            "DATA 1 'ping'",
            "HEADERS 1 x-sum=4 end");

    client.send(
        client.wire.headers(1, false, ":status=100"),
        client.wire.headers(1, false, ":status=200", "content-type=application/grpc"),
        Wire.data(1, false, "pong"),
        client.wire.headers(1, true, "grpc-status=0"));
    assertThat(call.heard().events)
        .containsExactly(
            "informational 100",
            "response 200 content-type=application/grpc",
            "trailers 'pong'  grpc-status=0");
    assertThat(client.events).containsExactly("limit 2147483647", "idle");
    assertThat(client.connection.activeExchanges()).isZero();
  }

  @Test
  void request_fromHttp1_takesAuthorityFromHostAndDropsHopByHopFields() {
    RequestHead head = RequestHead.of(HttpVersion.HTTP_1_1, "GET", "/x");
    TestServer.fields(
        head.headers, "host=web", "connection=close", "te=gzip", "transfer-encoding=chunked");
    client.open(head, true);

    assertThat(client.received())
        .containsExactly("HEADERS 1 :method=GET :scheme=http :path=/x :authority=web host=web end");
  }

  @Test
  void trailersOnlyResponse_isAResponseThatEnds() {
    TestClient.Call call = client.open("POST", true);
    client.send(client.wire.headers(1, true, ":status=200", "grpc-status=5"));

    assertThat(call.heard().events).containsExactly("response 200 grpc-status=5 end");
  }

  @Test
  void connect_whenAccepted_becomesATunnel() {
    RequestHead head = RequestHead.of(HttpVersion.HTTP_2, "CONNECT", "");
    head.authority = AsciiString.of("db:5432");
    TestClient.Call call = client.open(head, false);
    client.send(client.wire.headers(1, false, ":status=200"), Wire.data(1, true, "down"));
    call.exchange().data(TestServer.text("up"), true);

    assertThat(call.heard().events).containsExactly("upgrade 200", "data 'down' end");
    assertThat(client.received())
        .containsExactly("HEADERS 1 :method=CONNECT :authority=db:5432", "DATA 1 'up' end");
  }

  @Test
  void requests_overThePeersLimit_waitInOrder() {
    restart(Frames.SETTING_MAX_CONCURRENT_STREAMS, 1);
    client.open("GET", true);
    TestClient.Call second = client.open("POST", false);
    second.exchange().data(TestServer.text("early"), true);
    client.open("GET", true);
    assertThat(client.received()).hasSize(1);
    assertThat(client.connection.activeExchanges()).isEqualTo(3);

    client.send(client.wire.headers(1, true, ":status=200"));
    assertThat(client.received())
        .containsExactly(
            "HEADERS 3 :method=POST :scheme=http :path=/ :authority=web", "DATA 3 'early' end");
    assertThat(second.heard().written).isEqualTo(5);
  }

  @Test
  void requests_overMaxWaiting_areUnprocessed() {
    client.finish();
    Http2Settings few =
        new Http2Settings(
            65_535, 65_535, 1 << 20, 16_384, 16_384, 100, 1, null, Duration.ofSeconds(1), false);
    client = new TestClient(few);
    client.send(Wire.settings(Frames.SETTING_MAX_CONCURRENT_STREAMS, 0));
    client.open("GET", true);
    TestClient.Call second = client.open("GET", true);
    assertThat(second.heard().events).isEmpty();
    client.channel.runPendingTasks();

    assertThat(second.heard().events).containsExactly("reset UNPROCESSED/REFUSED_STREAM");
  }

  @Test
  void goAway_makesHigherStreamsUnprocessedAndLetsLowerOnesFinish() {
    TestClient.Call first = client.open("GET", true);
    TestClient.Call second = client.open("GET", true);
    client.send(Wire.goAway(1, 0));
    TestClient.Call third = client.open("GET", true);
    client.channel.runPendingTasks();

    assertThat(second.heard().events).containsExactly("reset UNPROCESSED/REFUSED_STREAM");
    assertThat(third.heard().events).containsExactly("reset UNPROCESSED/REFUSED_STREAM");
    assertThat(client.connection.isUsable()).isFalse();
    assertThat(first.heard().events).isEmpty();

    client.send(client.wire.headers(1, true, ":status=200"));
    assertThat(first.heard().events).containsExactly("response 200 end");
    assertThat(client.events).containsExactly("limit 2147483647", "draining", "closed LOCAL");
    assertThat(client.received()).endsWith("GOAWAY 0 NO_ERROR");
  }

  @Test
  void drain_letsOpenRequestsFinish() {
    TestClient.Call call = client.open("GET", true);
    client.connection.drain();
    assertThat(client.channel.isOpen()).isTrue();
    client.send(client.wire.headers(1, true, ":status=200"));
    client.advance(HangUp.LINGER_MILLIS);

    assertThat(call.heard().events).containsExactly("response 200 end");
    assertThat(client.channel.isOpen()).isFalse();
  }

  @Test
  void reset_byServer_keepsItsCode() {
    TestClient.Call call = client.open("GET", true);
    client.send(Wire.rst(1, 0xb));

    assertThat(call.heard().reset).isEqualTo(Reset.peer(0xb));
  }

  @Test
  void reset_byUser_cancelsOnTheWireAndIgnoresWhatIsOnItsWay() {
    TestClient.Call call = client.open("POST", false);
    call.exchange().reset(Reset.CANCEL);
    client.send(client.wire.headers(1, false, ":status=200"), Wire.data(1, true, "late"));

    assertThat(client.received())
        .containsExactly(
            "HEADERS 1 :method=POST :scheme=http :path=/ :authority=web", "RST_STREAM 1 CANCEL");
    assertThat(call.heard().events).isEmpty();
    assertThat(client.connection.isUsable()).isTrue();
  }

  @Test
  void connection_whenPeerVanishes_tellsSentFromWaiting() {
    restart(Frames.SETTING_MAX_CONCURRENT_STREAMS, 1);
    TestClient.Call sent = client.open("GET", true);
    TestClient.Call waiting = client.open("GET", true);
    var _ = client.channel.close();
    client.channel.runPendingTasks();

    assertThat(sent.heard().events).containsExactly("reset CONNECTION/CANCEL");
    assertThat(waiting.heard().events).containsExactly("reset UNPROCESSED/REFUSED_STREAM");
    assertThat(client.events).contains("closed CONNECTION");
  }
}

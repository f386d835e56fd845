package dev.weft.proxy.http.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeepAliveTest {
  private static final Http2Settings IDLE_TOO =
      Http2Settings.DEFAULT.withKeepAlive(Duration.ofSeconds(10), Duration.ofSeconds(2), true);
  private static final Http2Settings BUSY_ONLY =
      Http2Settings.DEFAULT.withKeepAlive(Duration.ofSeconds(10), Duration.ofSeconds(2), false);

  private static TestClient start(Http2Settings settings) {
    TestClient client = new TestClient(settings);
    client.received();
    return client;
  }

  @Test
  void quietPeer_thatDoesNotAnswer_losesTheConnection() {
    TestClient client = start(IDLE_TOO);
    TestClient.Call call = client.open("GET", true);
    client.received();
    client.advance(10_000);
    assertThat(client.received()).singleElement().asString().startsWith("PING");
    client.advance(2_000);

    assertThat(call.heard().events).containsExactly("reset CONNECTION/CANCEL");
    assertThat(client.channel.isOpen()).isFalse();
    client.finish();
  }

  @Test
  void quietPeer_thatAnswers_keepsTheConnection() {
    TestClient client = start(IDLE_TOO);
    client.send(Wire.settings());
    client.received();
    client.advance(10_000);
    for (int i = 0; i < 5; i++) {
      client.advance(10_000);
      String ping = client.received().getLast();
      client.send(Wire.ping(Long.parseLong(ping.substring("PING ".length())), true));
      client.advance(2_000);
      assertThat(client.channel.isOpen()).isTrue();
    }
    client.finish();
  }

  @Test
  void busyPeer_isNotPinged() {
    TestClient client = start(IDLE_TOO);
    client.send(Wire.settings());
    client.received();
    for (int i = 0; i < 5; i++) {
      client.send(Wire.windowUpdate(0, 1));
      client.advance(10_000);
    }

    assertThat(client.received()).isEmpty();
    client.finish();
  }

  @Test
  void idleConnection_isNotPingedUnlessAsked() {
    TestClient client = start(BUSY_ONLY);
    client.advance(60_000);
    assertThat(client.received()).isEmpty();

    client.open("GET", true);
    client.received();
    client.advance(10_000);
    assertThat(client.received()).singleElement().asString().startsWith("PING");
    client.finish();
  }
}

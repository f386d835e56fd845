package dev.weft.proxy.http.http1;

import static dev.weft.proxy.http.http1.Http1ServerConnectionTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.testing.FailOnLeak;
import io.netty.util.AsciiString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FailOnLeak.class)
class Http1ClientConnectionTest {
  private final ClientHarness client = new ClientHarness();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void get_isSentAndAnswered_andConnectionIsIdleAgain() {
    ClientHarness.Sent sent = client.open("GET");
    assertThat(client.sent()).isEqualTo("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
    assertThat(client.connection.isUsable()).isFalse();
    client.receive("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi");
    assertThat(sent.response().response.status).isEqualTo(200);
    assertThat(sent.response().body).hasToString("hi");
    assertThat(sent.response().ends).isEqualTo(1);
    assertThat(client.idles).isEqualTo(1);
    assertThat(client.connection.isUsable()).isTrue();
  }

  @Test
  void post_withLength_isSentAsItIs() {
    RequestHead head = ClientHarness.request("POST", "/");
    head.headers.add(HeaderNames.CONTENT_LENGTH, AsciiString.of("5"));
    ClientHarness.Sent sent = client.open(head, false);
    sent.exchange().data(bytes("hello"), true);
    assertThat(client.sent())
        .isEqualTo("POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 5\r\n\r\nhello");
    assertThat(sent.response().written).isEqualTo(5);
    client.receive("HTTP/1.1 204 No Content\r\n\r\n");
    assertThat(sent.response().responseEnd).isTrue();
    assertThat(client.connection.isUsable()).isTrue();
  }
}

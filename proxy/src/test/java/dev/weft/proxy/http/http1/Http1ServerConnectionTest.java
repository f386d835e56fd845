package dev.weft.proxy.http.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerExchange;
import dev.weft.proxy.testing.FailOnLeak;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FailOnLeak.class)
class Http1ServerConnectionTest {
  private static final String GET = "GET / HTTP/1.1\r\nhost: web\r\n\r\n";

  private final ServerHarness server = new ServerHarness();

  @AfterEach
  void close() {
    server.close();
  }

  static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  private static void answer(ServerExchange exchange, String body) {
    ResponseHead head = ResponseHead.of(200);
    head.headers.add(HeaderNames.CONTENT_LENGTH, AsciiString.of(Integer.toString(body.length())));
    exchange.respond(head, false);
    exchange.data(bytes(body), true);
  }

  @Test
  void get_withFields_isReportedWithLowerCaseInternedNames() {
    server.send("GET /a?b=1 HTTP/1.1\r\nHost: web:80\r\nX-Id:  7 \r\nAccept:\r\n\r\n");
    FakeHandler.Request request = server.handler.only();
    assertThat(request.end()).isTrue();
    assertThat(request.head().method.toString()).isEqualTo("GET");
    assertThat(request.head().path.toString()).isEqualTo("/a?b=1");
    assertThat(request.head().version).isEqualTo(HttpVersion.HTTP_1_1);
    assertThat(request.head().effectiveAuthority().toString()).isEqualTo("web:80");
    assertThat(request.head().headers.name(0) == HeaderNames.HOST).isTrue();
    assertThat(request.head().headers.name(1).toString()).isEqualTo("x-id");
    assertThat(request.head().headers.value(1).toString()).isEqualTo("7");
    assertThat(request.head().headers.value(2).toString()).isEqualTo("");
  }

  @Test
  void answer_withLength_keepsConnectionForNextRequest() {
    server.send(GET);
    answer(server.handler.last().exchange(), "hello");
    assertThat(server.sent()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
    assertThat(server.handler.last().rest().written).isEqualTo(5);
    server.send(GET);
    assertThat(server.handler.requests).hasSize(2);
    assertThat(server.connection.activeExchanges()).isEqualTo(1);
  }

  @Test
  void post_withLength_deliversBodyAndEnd() {
    server.send("POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 5\r\n\r\nhe");
    FakeHandler.Request request = server.handler.only();
    assertThat(request.end()).isFalse();
    assertThat(request.rest().body).hasToString("he");
    assertThat(request.rest().ended).isFalse();
    server.send("llo");
    assertThat(request.rest().body).hasToString("hello");
    assertThat(request.rest().ends).isEqualTo(1);
  }

  @Test
  void pipelinedRequests_areReportedOneAfterTheOther() {
    server.send(GET + GET);
    assertThat(server.handler.requests).hasSize(1);
    answer(server.handler.last().exchange(), "1");
    assertThat(server.handler.requests).hasSize(2);
    answer(server.handler.last().exchange(), "2");
    assertThat(server.sent())
        .isEqualTo(
            "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1"
                + "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n2");
  }
}

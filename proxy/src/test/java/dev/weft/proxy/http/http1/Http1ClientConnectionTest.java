package dev.weft.proxy.http.http1;

import static dev.weft.proxy.http.http1.Http1ServerConnectionTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.TargetForm;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.util.AsciiString;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Http1ClientConnectionTest {
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";

  private final ClientHarness client = new ClientHarness();

  @AfterEach
  void close() {
    client.close();
  }

  private static RequestHead post() {
    return ClientHarness.request("POST", "/");
  }

  private static RequestHead webSocket() {
    RequestHead head = ClientHarness.request("GET", "/chat");
    head.headers.add(HeaderNames.UPGRADE, AsciiString.of("websocket"));
    head.upgrade = true;
    return head;
  }

  private static RequestHead connect() {
    RequestHead head = RequestHead.of(HttpVersion.HTTP_1_1, "CONNECT", "");
    head.form = TargetForm.AUTHORITY;
    head.authority = AsciiString.of("web:443");
    head.upgrade = true;
    return head;
  }

  @Nested
  class Requests {
    @Test
    void get_isSentAndAnswered_andConnectionIsIdleAgain() {
      ClientHarness.Sent sent = client.open("GET");
      assertThat(client.sent()).isEqualTo("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
      assertThat(client.connection.isUsable()).isFalse();
      client.receive(OK);
      assertThat(sent.response().response.status).isEqualTo(200);
      assertThat(sent.response().body).hasToString("hi");
      assertThat(sent.response().ends).isEqualTo(1);
      assertThat(client.idles).isEqualTo(1);
      assertThat(client.connection.isUsable()).isTrue();
    }

    @Test
    void post_withLength_isSentAsItIs() {
      RequestHead head = post();
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

    @Test
    void post_withoutLength_isChunkedWithTrailers() {
      ClientHarness.Sent sent = client.open(post(), false);
      sent.exchange().data(bytes("hello"), false);
      HeaderBlock trailers = new HeaderBlock();
      trailers.add(AsciiString.of("x-sum"), AsciiString.of("7"));
      sent.exchange().trailers(trailers);
      assertThat(client.sent())
          .isEqualTo(
              "POST / HTTP/1.1\r\nhost: web\r\ntransfer-encoding: chunked\r\n\r\n"
                  + "5\r\nhello\r\n0\r\nx-sum: 7\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({"GET, false", "DELETE, false", "POST, true", "PUT, true", "PATCH, true"})
    void request_withoutBody_saysLengthZeroWhereOneIsExpected(String method, boolean says) {
      client.open(method);
      assertThat(client.sent().contains("content-length: 0")).isEqualTo(says);
    }

    @Test
    void lengthZero_isPreserved() {
      RequestHead head = ClientHarness.request("GET", "/");
      head.headers.add(HeaderNames.CONTENT_LENGTH, AsciiString.of("0"));
      client.open(head, true);
      assertThat(client.sent())
          .isEqualTo("GET / HTTP/1.1\r\nhost: web\r\ncontent-length: 0\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
      "ORIGIN, '', web, /a, GET /a HTTP/1.1|host: web|x: y",
      "ORIGIN, http, other, /a, GET /a HTTP/1.1|host: other|x: y",
      "ABSOLUTE, https, other, /a?b, GET https://other/a?b HTTP/1.1|x: y|host: web",
      "ABSOLUTE, '', other, /, GET http://other/ HTTP/1.1|x: y|host: web",
      "ABSOLUTE, http, other, *, GET http://other HTTP/1.1|x: y|host: web",
      "ASTERISK, '', '', *, GET * HTTP/1.1|x: y|host: web",
    })
    void target_ofEachForm_isSpelled(
        TargetForm form, String scheme, String authority, String path, String lines) {
      RequestHead head = RequestHead.of(HttpVersion.HTTP_2, "GET", path);
      head.form = form;
      head.scheme = AsciiString.of(scheme);
      head.authority = AsciiString.of(authority);
      head.headers.add(AsciiString.of("x"), AsciiString.of("y"));
      head.headers.add(HeaderNames.HOST, AsciiString.of("web"));
      client.open(head, true);
      assertThat(client.sent()).isEqualTo(lines.replace("|", "\r\n") + "\r\n\r\n");
    }

    @Test
    void connect_isSentWithHost() {
      client.open(connect(), false);
      assertThat(client.sent()).isEqualTo("CONNECT web:443 HTTP/1.1\r\nhost: web:443\r\n\r\n");
    }

    @Test
    void hopByHopFields_areNotSent() {
      RequestHead head = ClientHarness.request("GET", "/");
      head.headers.add(HeaderNames.CONNECTION, AsciiString.of("close"));
      head.headers.add(HeaderNames.TRANSFER_ENCODING, AsciiString.of("chunked"));
      head.headers.add(HeaderNames.UPGRADE, AsciiString.of("x"));
      head.headers.add(HeaderNames.KEEP_ALIVE, AsciiString.of("x"));
      client.open(head, true);
      assertThat(client.sent()).isEqualTo("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
    }

    @Test
    void cookies_areJoined() {
      RequestHead head = ClientHarness.request("GET", "/");
      head.headers.add(HeaderNames.COOKIE, AsciiString.of("a=1"));
      head.headers.add(HeaderNames.COOKIE, AsciiString.of("b=2"));
      head.headers.add(HeaderNames.COOKIE, AsciiString.of("c=3"));
      client.open(head, true);
      assertThat(client.sent()).endsWith("cookie: a=1; b=2; c=3\r\n\r\n");
    }

    @Test
    void http10_isSentAsSuchAndNotReused() {
      RequestHead head = RequestHead.of(HttpVersion.HTTP_1_0, "GET", "/");
      ClientHarness.Sent sent = client.open(head, true);
      assertThat(client.sent()).isEqualTo("GET / HTTP/1.0\r\n\r\n");
      client.receive(OK);
      assertThat(sent.response().ended).isTrue();
      assertThat(client.channel.isOpen()).isFalse();
      assertThat(client.idles).isZero();
    }

    @Test
    void secondRequest_whileBusy_isUnprocessed() {
      client.open("GET");
      ClientHarness.Sent second = client.open("GET");
      assertThat(second.response().reset.isUnprocessed()).isTrue();
      second.exchange().data(bytes("x"), true);
      client.receive(OK);
      assertThat(client.connection.isUsable()).isTrue();
    }

    @Test
    void request_endingBeforeItsLength_abortsTheConnection() {
      RequestHead head = post();
      head.headers.add(HeaderNames.CONTENT_LENGTH, AsciiString.of("5"));
      ClientHarness.Sent sent = client.open(head, false);
      sent.exchange().data(bytes("he"), true);
      assertThat(sent.response().reset.origin()).isEqualTo(Reset.Origin.LOCAL);
      assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void request_withLengthAndNoBody_isNotSent() {
      RequestHead head = post();
      head.headers.add(HeaderNames.CONTENT_LENGTH, AsciiString.of("5"));
      ClientHarness.Sent sent = client.open(head, true);
      assertThat(sent.response().reset.origin()).isEqualTo(Reset.Origin.LOCAL);
      assertThat(client.sent()).isEmpty();
      assertThat(client.connection.isUsable()).isTrue();
    }

    @Test
    void idle_withinTheCallback_takesTheNextRequest() {
      ClientHarness.Sent first = client.open("GET");
      client.onIdleOnce = () -> client.openWithoutTasks(ClientHarness.request("GET", "/2"), true);
      client.receive(OK);
      assertThat(first.response().ended).isTrue();
      assertThat(client.sent()).endsWith("GET /2 HTTP/1.1\r\nhost: web\r\n\r\n");
      client.receive(OK);
      assertThat(client.idles).isEqualTo(2);
    }
  }

  @Nested
  class Responses {
    @Test
    void chunkedResponse_withTrailers_isDecoded() {
      ClientHarness.Sent sent = client.open("GET");
      client.receive(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nhi\r\n0\r\nA: b\r\n\r\n");
      assertThat(sent.response().response.headers.isEmpty()).isTrue();
      assertThat(sent.response().body).hasToString("hi");
      assertThat(sent.response().trailers).hasToString("[a]");
      assertThat(client.connection.isUsable()).isTrue();
    }

    @Test
    void responseWithoutLength_endsWithTheConnection() {
      ClientHarness.Sent sent = client.open("GET");
      client.receive("HTTP/1.1 200 OK\r\n\r\nhi");
      assertThat(sent.response().ended).isFalse();
      assertThat(client.drainings).isEqualTo(1);
      client.endInput();
      assertThat(sent.response().ended).isTrue();
      assertThat(sent.response().body).hasToString("hi");
      assertThat(client.channel.isOpen()).isFalse();
      assertThat(client.closed).isEqualTo(Reset.NO_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void statusWithoutBody_endsWithItsHead(String status) {
      ClientHarness.Sent sent = client.open("GET");
      client.receive("HTTP/1.1 " + status + "\r\ncontent-length: 5\r\n\r\n");
      assertThat(sent.response().responseEnd).isTrue();
      assertThat(client.connection.isUsable()).isTrue();
    }

    @Test
    void responseToHead_keepsItsLengthAndEnds() {
      ClientHarness.Sent sent = client.open("HEAD");
      client.receive("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
      assertThat(sent.response().responseEnd).isTrue();
      assertThat(sent.response().response.headers).hasToString("[content-length]");
    }

    @Test
    void informationalResponses_precedeTheFinalOne() {
      ClientHarness.Sent sent = client.open("GET");
      client.receive(
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK);
      assertThat(sent.response().informational).hasSize(2);
      assertThat(sent.response().response.status).isEqualTo(200);
    }

    @Test
    void informationalFlood_isAViolation() {
      ClientHarness.Sent sent = client.open("GET");
      client.receive("HTTP/1.1 102 Processing\r\n\r\n".repeat(3000));
      assertThat(sent.response().reset.origin()).isEqualTo(Reset.Origin.VIOLATION);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"
        })
    void responseThatCloses_makesTheConnectionUnusable(String response) {
      ClientHarness.Sent sent = client.open("GET");
      client.receive(response);
      assertThat(sent.response().ended).isTrue();
      assertThat(client.drainings).isEqualTo(1);
      assertThat(client.idles).isZero();
      assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void http10Response_withKeepAlive_keepsTheConnection() {
      client.open("GET");
      client.receive("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n");
      assertThat(client.connection.isUsable()).isTrue();
    }

    @Test
    void hopByHopFields_areRemoved() {
      ClientHarness.Sent sent = client.open("GET");
      client.receive(
          "HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nUpgrade: h2\r\n"
              + "Content-Length: 0\r\nA: b\r\n\r\n");
      assertThat(sent.response().response.headers).hasToString("[content-length, a]");
    }

    @Test
    void reason_isKept() {
      ClientHarness.Sent sent = client.open("GET");
      client.receive("HTTP/1.1 200 Fine, thanks\r\nContent-Length: 0\r\n\r\n");
      assertThat(sent.response().response.reason.toString()).isEqualTo("Fine, thanks");
    }

    @Test
    void earlyResponse_letsTheRequestGoOn() {
      ClientHarness.Sent sent = client.open(post(), false);
      client.receive(OK);
      assertThat(sent.response().ended).isTrue();
      assertThat(client.connection.isUsable()).isFalse();
      sent.exchange().data(bytes("hello"), true);
      assertThat(client.sent()).endsWith("5\r\nhello\r\n0\r\n\r\n");
      assertThat(client.connection.isUsable()).isTrue();
      assertThat(client.idles).isEqualTo(1);
    }

    @Test
    void earlyResponse_thenClose_wantsNoMore() {
      ClientHarness.Sent sent = client.open(post(), false);
      client.receive(OK);
      client.endInput();
      assertThat(sent.response().reset.isNoError()).isTrue();
      assertThat(sent.response().reset.origin()).isEqualTo(Reset.Origin.PEER);
      assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void failedWrite_doesNotLoseTheResponse() {
      ClientHarness.Sent sent = client.open(post(), false);
      client.channel.pipeline().fireUserEventTriggered(ChannelOutputShutdownEvent.INSTANCE);
      client.receive(OK);
      assertThat(sent.response().body).hasToString("hi");
      client.endInput();
      assertThat(sent.response().reset.isNoError()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "garbage\r\n",
          "HTTP/1.1 20 OK\r\n",
          "HTTP/1.1 2000 OK\r\n",
          "HTTP/1.1 099 OK\r\n",
          "HTTP/1.1 2x0 OK\r\n",
          "HTTP/1.1  200 OK\r\n",
          "HTTP/2.0 200 OK\r\n",
          "HTTP/1.1 200 OK\n",
          "HTTP/1.1 200 O\0K\r\n",
          "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
          "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
          "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab",
          "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        })
    void malformedResponse_isAViolation(String response) {
      ClientHarness.Sent sent = client.open("GET");
      client.receive(response);
      assertThat(sent.response().reset.origin()).isEqualTo(Reset.Origin.VIOLATION);
      assertThat(sent.response().ended).isFalse();
      assertThat(client.channel.isOpen()).isFalse();
      assertThat(client.closed.origin()).isEqualTo(Reset.Origin.VIOLATION);
    }

    @Test
    void hugeHead_isAViolation() {
      ClientHarness.Sent sent = client.open("GET");
      client.receive("HTTP/1.1 200 OK\r\nA: " + "b".repeat(70_000));
      assertThat(sent.response().reset.origin()).isEqualTo(Reset.Origin.VIOLATION);
    }

    @Test
    void bytes_afterTheResponse_closeTheConnection() {
      ClientHarness.Sent sent = client.open("GET");
      client.receive(OK + OK);
      assertThat(sent.response().body).hasToString("hi");
      assertThat(client.idles).isZero();
      assertThat(client.channel.isOpen()).isFalse();
      assertThat(client.closed.origin()).isEqualTo(Reset.Origin.VIOLATION);
    }

    @Test
    void bytes_whileIdle_closeTheConnection() {
      client.receive(OK);
      assertThat(client.channel.isOpen()).isFalse();
      assertThat(client.closed.origin()).isEqualTo(Reset.Origin.VIOLATION);
    }
  }

  @Nested
  class Tunnels {
    private static final String AGREED =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";

    @Test
    void webSocket_agreed_passesRawBytes() {
      ClientHarness.Sent sent = client.open(webSocket(), false);
      assertThat(client.sent())
          .isEqualTo(
              "GET /chat HTTP/1.1\r\nhost: web\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n");
      client.receive(AGREED + "raw");
      assertThat(sent.response().upgraded).isTrue();
      assertThat(sent.response().response.headers.get(HeaderNames.UPGRADE).toString())
          .isEqualTo("websocket");
      assertThat(sent.response().body).hasToString("raw");
      sent.exchange().data(bytes("out"), false);
      assertThat(client.sent()).isEqualTo("out");
      client.endInput();
      assertThat(sent.response().ends).isEqualTo(1);
      assertThat(client.channel.isOpen()).isTrue();
      sent.exchange().data(bytes("last"), true);
      assertThat(client.sent()).isEqualTo("last");
      assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void tunnel_endedByThisSideFirst_stillReceives() {
      ClientHarness.Sent sent = client.open(connect(), false);
      client.receive("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
      assertThat(sent.response().upgraded).isTrue();
      assertThat(sent.response().response.headers.isEmpty()).isTrue();
      sent.exchange().data(bytes(""), true);
      assertThat(client.channel.isOutputShutdown()).isTrue();
      client.receive("more");
      assertThat(sent.response().body).hasToString("more");
      client.endInput();
      assertThat(sent.response().ended).isTrue();
      assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void earlyBytes_waitForTheAgreement() {
      ClientHarness.Sent sent = client.open(connect(), false);
      client.sent();
      sent.exchange().data(bytes("early"), true);
      assertThat(client.sent()).isEmpty();
      client.receive("HTTP/1.1 200 OK\r\n\r\n");
      assertThat(client.sent()).isEqualTo("early");
      assertThat(client.channel.isOutputShutdown()).isTrue();
    }

    @Test
    void earlyBytes_ofDeclinedTunnel_areNeverSent() {
      ClientHarness.Sent sent = client.open(connect(), false);
      client.sent();
      sent.exchange().data(bytes("GET /smuggled HTTP/1.1\r\n\r\n"), false);
      client.receive("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      assertThat(client.sent()).isEmpty();
      assertThat(sent.response().responseEnd).isTrue();
      assertThat(client.connection.isUsable()).isTrue();
    }

    @Test
    void switchToH2c_isAViolation() {
      ClientHarness.Sent sent = client.open(webSocket(), false);
      client.receive("HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n");
      assertThat(sent.response().reset.origin()).isEqualTo(Reset.Origin.VIOLATION);
    }

    @Test
    void tunnel_whoseWritesFail_isReset() {
      ClientHarness.Sent sent = client.open(connect(), false);
      client.receive("HTTP/1.1 200 OK\r\n\r\n");
      client.channel.pipeline().fireUserEventTriggered(ChannelOutputShutdownEvent.INSTANCE);
      assertThat(sent.response().reset).isNotNull();
      assertThat(client.channel.isOpen()).isFalse();
    }
  }

  @Nested
  class Ends {
    @Test
    void peerClosingWhileIdle_isHeardAtOnce() {
      client.endInput();
      assertThat(client.connection.isUsable()).isFalse();
      assertThat(client.closed).isNotNull();
    }

    @Test
    void peerClosingBeforeTheResponse_losesTheExchange() {
      ClientHarness.Sent sent = client.open("GET");
      client.endInput();
      assertThat(sent.response().reset.origin()).isEqualTo(Reset.Origin.CONNECTION);
      assertThat(sent.response().reset.isUnprocessed()).isFalse();
    }

    @Test
    void peerClosingWithinTheBody_losesTheExchange() {
      ClientHarness.Sent sent = client.open("GET");
      client.receive("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe");
      client.endInput();
      assertThat(sent.response().reset).isEqualTo(Reset.CONNECTION_CLOSED);
      assertThat(sent.response().ended).isFalse();
    }

    @Test
    void exception_losesTheExchange() {
      ClientHarness.Sent sent = client.open("GET");
      client.channel.pipeline().fireExceptionCaught(new IOException("reset"));
      assertThat(sent.response().reset.origin()).isEqualTo(Reset.Origin.CONNECTION);
      assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void reset_closesTheConnectionWithoutCallback() {
      ClientHarness.Sent sent = client.open("GET");
      sent.exchange().reset(Reset.CANCEL);
      assertThat(sent.response().reset).isNull();
      assertThat(client.channel.isOpen()).isFalse();
      assertThat(client.closed).isNotNull();
    }

    @Test
    void reset_afterTheEnd_isIgnored() {
      ClientHarness.Sent sent = client.open("GET");
      client.receive(OK);
      sent.exchange().reset(Reset.CANCEL);
      assertThat(client.connection.isUsable()).isTrue();
    }

    @Test
    void reset_withinTheResponse_stopsDelivery() {
      ClientHarness.Sent sent = client.open("GET");
      sent.response().onHead = () -> sent.exchange().reset(Reset.CANCEL);
      client.receive(OK);
      assertThat(sent.response().body).isEmpty();
      assertThat(sent.response().ended).isFalse();
    }

    @Test
    void drain_whenIdle_closes() {
      client.connection.drain();
      client.channel.runPendingTasks();
      assertThat(client.channel.isOpen()).isFalse();
      assertThat(client.drainings).isEqualTo(1);
    }

    @Test
    void drain_underWay_letsTheExchangeFinish() {
      ClientHarness.Sent sent = client.open("GET");
      client.connection.drain();
      client.connection.drain();
      client.receive(OK);
      assertThat(sent.response().ended).isTrue();
      assertThat(client.idles).isZero();
      assertThat(client.drainings).isEqualTo(1);
      assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void close_resetsTheExchange() {
      ClientHarness.Sent sent = client.open("GET");
      client.connection.close();
      assertThat(sent.response().reset.origin()).isEqualTo(Reset.Origin.LOCAL);
      assertThat(client.closed.origin()).isEqualTo(Reset.Origin.LOCAL);
    }
  }

  @Test
  void body_beyondTheCredit_waitsUntilConsumed() {
    try (ClientHarness small = new ClientHarness(new Http1Settings(1024, 4096, 16, 1024))) {
      ClientHarness.Sent sent = small.open("GET");
      sent.response().holdsCredit = true;
      small.receive("HTTP/1.1 200 OK\r\ncontent-length: 3000\r\n\r\n");
      small.receive("a".repeat(1024));
      int reads = small.channel.reads();
      small.receive("b".repeat(1000));
      assertThat(sent.response().body).hasSize(1024);
      assertThat(small.channel.reads()).isEqualTo(reads);
      sent.response().giveBack();
      assertThat(sent.response().body).hasSize(2024);
      assertThat(small.channel.reads()).isEqualTo(reads + 1);
    }
  }
}

package dev.weft.proxy.http.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import dev.weft.proxy.http.ServerExchange;
import dev.weft.proxy.http.TargetForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Http1ServerConnectionTest {
  private static final String GET = "GET / HTTP/1.1\r\nhost: web\r\n\r\n";
  private static final String CHUNKED_POST =
      "POST / HTTP/1.1\r\nhost: web\r\ntransfer-encoding: chunked\r\n\r\n";
  private static final String WEB_SOCKET =
      "GET /chat HTTP/1.1\r\nhost: web\r\nConnection: keep-alive, Upgrade\r\n"
          + "Upgrade: websocket\r\n\r\n";
  private static final String CONNECT = "CONNECT web:443 HTTP/1.1\r\nhost: web:443\r\n\r\n";

  private final ServerHarness server = new ServerHarness();

  @AfterEach
  void close() {
    server.close();
  }

  static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  private static ResponseHead ok(int length) {
    ResponseHead head = ResponseHead.of(200);
    head.headers.add(HeaderNames.CONTENT_LENGTH, AsciiString.of(Integer.toString(length)));
    return head;
  }

  private static void answer(ServerExchange exchange, String body) {
    exchange.respond(ok(body.length()), false);
    exchange.data(bytes(body), true);
  }

  private static ResponseHead withField(ResponseHead head, AsciiString name, String value) {
    head.headers.add(name, AsciiString.of(value));
    return head;
  }

  private FakeHandler.Request receive(String request) {
    server.send(request);
    return server.handler.last();
  }

  @Nested
  class Requests {
    @Test
    void get_withFields_isReportedWithLowerCaseInternedNames() {
      FakeHandler.Request request =
          receive("GET /a?b=1 HTTP/1.1\r\nHost: web:80\r\nX-Id:  7 \r\nAccept:\r\n\r\n");
      RequestHead head = request.head();
      assertThat(request.end()).isTrue();
      assertThat(head.method.toString()).isEqualTo("GET");
      assertThat(head.path.toString()).isEqualTo("/a?b=1");
      assertThat(head.version).isEqualTo(HttpVersion.HTTP_1_1);
      assertThat(head.effectiveAuthority().toString()).isEqualTo("web:80");
      assertThat(head.headers.name(0) == HeaderNames.HOST).isTrue();
      assertThat(head.headers.name(1).toString()).isEqualTo("x-id");
      assertThat(head.headers.value(1).toString()).isEqualTo("7");
      assertThat(head.headers.value(2).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
      "OPTIONS, *, ASTERISK, '', '', *",
      "GET, /, ORIGIN, '', '', /",
      "GET, //a, ORIGIN, '', '', //a",
      "GET, http://other/a?b, ABSOLUTE, http, other, /a?b",
      "GET, HTTPS://other:8443, ABSOLUTE, https, other:8443, /",
      "GET, http://other?b, ABSOLUTE, http, other, /?b",
      "GET, http://[::1]:80/, ABSOLUTE, http, [::1]:80, /",
      "OPTIONS, http://other, ABSOLUTE, http, other, *",
      "CONNECT, other:443, AUTHORITY, '', other:443, ''",
    })
    void target_ofEachForm_isTakenApart(
        String method,
        String target,
        TargetForm form,
        String scheme,
        String authority,
        String path) {
      RequestHead head = receive(method + " " + target + " HTTP/1.1\r\nhost: web\r\n\r\n").head();
      assertThat(head.form).isEqualTo(form);
      assertThat(head.scheme.toString()).isEqualTo(scheme);
      assertThat(head.authority.toString()).isEqualTo(authority);
      assertThat(head.path.toString()).isEqualTo(path);
    }

    @Test
    void emptyLine_beforeRequest_isIgnored() {
      assertThat(receive("\r\n" + GET).head().path.toString()).isEqualTo("/");
    }

    @Test
    void post_withLength_deliversBodyAndEnd() {
      FakeHandler.Request request =
          receive("POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 5\r\n\r\nhe");
      assertThat(request.end()).isFalse();
      assertThat(request.rest().body).hasToString("he");
      assertThat(request.rest().ended).isFalse();
      server.send("llo");
      assertThat(request.rest().body).hasToString("hello");
      assertThat(request.rest().ends).isEqualTo(1);
    }

    @Test
    void post_withLengthZero_endsWithItsHead() {
      FakeHandler.Request request =
          receive("POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 0\r\n\r\n");
      assertThat(request.end()).isTrue();
      assertThat(request.head().headers.get(HeaderNames.CONTENT_LENGTH).toString()).isEqualTo("0");
    }

    @Test
    void chunkedBody_withTrailersAndExtensions_isDecoded() {
      FakeHandler.Request request =
          receive(
              CHUNKED_POST + "5;a=b\r\nhello\r\n3 ;c\r\n wo\r\n0\r\nX-Sum: 7\r\nHost: x\r\n\r\n");
      assertThat(request.head().headers.contains(HeaderNames.TRANSFER_ENCODING)).isFalse();
      assertThat(request.rest().body).hasToString("hello wo");
      assertThat(request.rest().trailers).hasToString("[x-sum]");
      assertThat(request.rest().ends).isEqualTo(1);
    }

    @Test
    void lastChunk_inTheSameRead_endsWithTheLastData() {
      FakeHandler.Request request = receive(CHUNKED_POST + "5\r\nhello\r\n0\r\n\r\n");
      assertThat(request.rest().deliveries).isEqualTo(1);
      assertThat(request.rest().ended).isTrue();
    }

    @Test
    void hopByHopFields_areRemoved() {
      RequestHead head =
          receive(
                  "GET / HTTP/1.1\r\nhost: web\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nx-hop: 2\r\n"
                      + "Keep-Alive: 5\r\nProxy-Connection: close\r\nUpgrade: websocket\r\na: b\r\n\r\n")
              .head();
      assertThat(head.headers).hasToString("[host, a]");
      assertThat(head.upgrade).isFalse();
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

    @Test
    void pipelinedRequest_waitsForTheBodyBeforeIt() {
      FakeHandler.Request first =
          receive("POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 2\r\n\r\n");
      answer(first.exchange(), "early");
      server.send("ab" + GET);
      assertThat(first.rest().body).hasToString("ab");
      assertThat(server.handler.requests).hasSize(2);
    }

    @Test
    void pipelinedRequests_answeredAtOnce_areAllServed() {
      server.handler.onRequest = request -> answer(request.exchange(), "x");
      server.send(GET.repeat(500));
      assertThat(server.handler.requests).hasSize(500);
    }

    @Test
    void expectContinue_isPassedOnAndAnswered() {
      FakeHandler.Request request =
          receive(
              "POST / HTTP/1.1\r\nhost: web\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
      assertThat(request.head().headers.contains(HeaderNames.EXPECT)).isTrue();
      request.exchange().informational(ResponseHead.of(100));
      assertThat(server.sent()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      server.send("ab");
      assertThat(request.rest().ended).isTrue();
      answer(request.exchange(), "x");
      assertThat(server.sent()).doesNotContain("close");
    }

    @Test
    void expectContinue_refused_closesAfterTheAnswer() {
      FakeHandler.Request request =
          receive(
              "POST / HTTP/1.1\r\nhost: web\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
      request.exchange().respond(ResponseHead.of(417), true);
      assertThat(server.sent()).contains("connection: close");
      assertThat(request.rest().reset).isEqualTo(Reset.NO_ERROR);
      assertThat(server.channel.isOutputShutdown()).isTrue();
    }

    @Test
    void expectContinue_inHttp10_isIgnored() {
      FakeHandler.Request request =
          receive("POST / HTTP/1.0\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
      assertThat(request.head().headers.contains(HeaderNames.EXPECT)).isFalse();
      request.exchange().informational(ResponseHead.of(100));
      assertThat(server.sent()).isEmpty();
    }
  }

  @Nested
  class Answers {
    @Test
    void answer_withLength_keepsConnectionForNextRequest() {
      answer(receive(GET).exchange(), "hello");
      assertThat(server.sent()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
      assertThat(server.handler.last().rest().written).isEqualTo(5);
      assertThat(server.connection.activeExchanges()).isZero();
      server.send(GET);
      assertThat(server.handler.requests).hasSize(2);
      assertThat(server.connection.activeExchanges()).isEqualTo(1);
    }

    @Test
    void answer_withoutLength_isChunked() {
      ServerExchange exchange = receive(GET).exchange();
      exchange.respond(ResponseHead.of(200), false);
      exchange.data(bytes("hello"), false);
      exchange.data(bytes(""), false);
      exchange.data(bytes("x".repeat(2000)), false);
      exchange.data(bytes(""), true);
      assertThat(server.sent())
          .isEqualTo(
              "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n7d0\r\n"
                  + "x".repeat(2000)
                  + "\r\n0\r\n\r\n");
      assertThat(server.handler.last().rest().written).isEqualTo(2005);
    }

    @Test
    void answer_withTrailers_sendsThemWithoutFraming() {
      ServerExchange exchange = receive(GET).exchange();
      exchange.respond(ResponseHead.of(200), false);
      HeaderBlock trailers = new HeaderBlock();
      trailers.add(AsciiString.of("x-sum"), AsciiString.of("7"));
      trailers.add(HeaderNames.CONTENT_LENGTH, AsciiString.of("9"));
      exchange.trailers(trailers);
      assertThat(server.sent()).endsWith("\r\n\r\n0\r\nx-sum: 7\r\n\r\n");
      assertThat(server.connection.activeExchanges()).isZero();
    }

    @Test
    void trailers_afterLength_areDropped() {
      ServerExchange exchange = receive(GET).exchange();
      exchange.respond(ok(2), false);
      exchange.data(bytes("hi"), false);
      exchange.trailers(new HeaderBlock());
      assertThat(server.sent()).endsWith("\r\n\r\nhi");
      assertThat(server.connection.activeExchanges()).isZero();
    }

    @Test
    void answer_withoutBody_saysLengthZero() {
      receive(GET).exchange().respond(ResponseHead.of(404), true);
      assertThat(server.sent()).isEqualTo("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
    }

    @Test
    void answer_204_hasNoLengthAndNoBody() {
      ServerExchange exchange = receive(GET).exchange();
      ResponseHead head = ok(0);
      head.status = 204;
      exchange.respond(head, false);
      exchange.data(bytes("stray"), true);
      assertThat(server.sent()).isEqualTo("HTTP/1.1 204 No Content\r\n\r\n");
    }

    @Test
    void answer_toHead_keepsLengthAndHasNoBody() {
      ServerExchange exchange = receive("HEAD / HTTP/1.1\r\nhost: web\r\n\r\n").exchange();
      exchange.respond(ok(7), true);
      assertThat(server.sent()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n");
      assertThat(server.connection.activeExchanges()).isZero();
    }

    @Test
    void answer_304_keepsLengthAndHasNoBody() {
      ResponseHead head = ok(7);
      head.status = 304;
      receive(GET).exchange().respond(head, true);
      assertThat(server.sent()).isEqualTo("HTTP/1.1 304 Not Modified\r\ncontent-length: 7\r\n\r\n");
    }

    @Test
    void answer_withOwnReason_keepsIt() {
      ResponseHead head = ok(0);
      head.reason = AsciiString.of("Fine");
      receive(GET).exchange().respond(head, true);
      assertThat(server.sent()).startsWith("HTTP/1.1 200 Fine\r\n");
    }

    @Test
    void answer_ofUnknownStatus_hasEmptyReason() {
      receive(GET).exchange().respond(ResponseHead.of(799), true);
      assertThat(server.sent()).startsWith("HTTP/1.1 799 \r\n");
    }

    @Test
    void answer_shorterThanItsLength_abortsTheConnection() {
      ServerExchange exchange = receive(GET).exchange();
      exchange.respond(ok(5), false);
      exchange.data(bytes("hi"), true);
      assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void answer_longerThanItsLength_isCut() {
      ServerExchange exchange = receive(GET).exchange();
      exchange.respond(ok(2), false);
      exchange.data(bytes("hi there"), true);
      assertThat(server.sent()).endsWith("\r\n\r\nhi");
      assertThat(server.channel.isOpen()).isTrue();
    }

    @Test
    void answer_sayingClose_endsTheConnection() {
      ServerExchange exchange = receive(GET + GET).exchange();
      exchange.respond(withField(ok(0), HeaderNames.CONNECTION, "close"), true);
      assertThat(server.sent()).contains("connection: close").doesNotContain("close\r\nconnection");
      assertThat(server.channel.isOutputShutdown()).isTrue();
      assertThat(server.handler.requests).hasSize(1);
    }

    @Test
    void http10_withoutKeepAlive_isClosed() {
      answer(receive("GET / HTTP/1.0\r\n\r\n").exchange(), "x");
      assertThat(server.sent())
          .isEqualTo("HTTP/1.0 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx");
      assertThat(server.channel.isOutputShutdown()).isTrue();
      server.endInput();
      assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void http10_withKeepAlive_isKept() {
      answer(receive("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").exchange(), "x");
      assertThat(server.sent())
          .isEqualTo("HTTP/1.0 200 OK\r\ncontent-length: 1\r\nconnection: keep-alive\r\n\r\nx");
      assertThat(server.channel.isOutputShutdown()).isFalse();
    }

    @Test
    void http10_answerWithoutLength_endsWithTheConnection() {
      ServerExchange exchange =
          receive("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").exchange();
      exchange.respond(ResponseHead.of(200), false);
      exchange.data(bytes("x"), true);
      assertThat(server.sent()).isEqualTo("HTTP/1.0 200 OK\r\nconnection: close\r\n\r\nx");
      assertThat(server.channel.isOutputShutdown()).isTrue();
    }

    @Test
    void earlyAnswer_letsTheRequestGoOn() {
      FakeHandler.Request request = receive(CHUNKED_POST + "1\r\na\r\n");
      answer(request.exchange(), "early");
      assertThat(server.sent()).endsWith("early");
      server.send("1\r\nb\r\n0\r\n\r\n");
      assertThat(request.rest().body).hasToString("ab");
      assertThat(request.rest().ended).isTrue();
      server.send(GET);
      assertThat(server.handler.requests).hasSize(2);
    }

    @Test
    void reset_afterEarlyAnswer_deliversTheAnswerAndReadsToNoEnd() {
      FakeHandler.Request request = receive(CHUNKED_POST);
      answer(request.exchange(), "early");
      request.exchange().reset(Reset.NO_ERROR);
      assertThat(server.sent()).endsWith("early");
      assertThat(server.channel.isOpen()).isTrue();
      assertThat(server.channel.isOutputShutdown()).isTrue();
      server.send("5\r\nhello\r\n");
      assertThat(request.rest().body).isEmpty();
      assertThat(request.rest().reset).isNull();
      server.endInput();
      assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void reset_withinTheAnswer_closes() {
      FakeHandler.Request request = receive(GET);
      request.exchange().respond(ok(5), false);
      request.exchange().reset(Reset.CANCEL);
      assertThat(server.channel.isOpen()).isFalse();
      assertThat(request.rest().reset).isNull();
    }

    @Test
    void reset_afterBothEnds_isIgnored() {
      FakeHandler.Request request = receive(GET);
      answer(request.exchange(), "x");
      request.exchange().reset(Reset.CANCEL);
      server.send(GET);
      assertThat(server.handler.requests).hasSize(2);
    }

    @Test
    void data_afterTheEnd_isReleased() {
      FakeHandler.Request request = receive(GET);
      answer(request.exchange(), "x");
      ByteBuf late = bytes("late");
      request.exchange().data(late, true);
      assertThat(late.refCnt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101, 199})
    void respond_withStatusThatIsNotFinal_isAnError(int status) {
      ServerExchange exchange = receive(GET).exchange();
      assertThatThrownBy(() -> exchange.respond(ResponseHead.of(status), true))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  class Tunnels {
    @Test
    void webSocket_agreed_passesRawBytesAndEachEnd() {
      FakeHandler.Request request = receive(WEB_SOCKET);
      assertThat(request.end()).isFalse();
      assertThat(request.head().upgrade).isTrue();
      assertThat(request.head().headers.get(HeaderNames.CONNECTION).toString())
          .isEqualTo("Upgrade");
      assertThat(request.head().headers.get(HeaderNames.UPGRADE).toString()).isEqualTo("websocket");
      request.exchange().upgrade(withField(ResponseHead.of(101), HeaderNames.UPGRADE, "websocket"));
      assertThat(server.sent())
          .isEqualTo(
              "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n");
      server.send("GET raw");
      assertThat(request.rest().body).hasToString("GET raw");
      server.endInput();
      assertThat(request.rest().ends).isEqualTo(1);
      assertThat(server.channel.isOpen()).isTrue();
      request.exchange().data(bytes("answer"), true);
      assertThat(server.sent()).isEqualTo("answer");
      assertThat(request.rest().written).isEqualTo(6);
      assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void tunnel_endedByServerFirst_stillReceives() {
      FakeHandler.Request request = receive(CONNECT);
      request.exchange().upgrade(withField(ok(3), HeaderNames.ACCEPT, "x"));
      assertThat(server.sent()).isEqualTo("HTTP/1.1 200 OK\r\naccept: x\r\n\r\n");
      request.exchange().data(bytes("bye"), true);
      assertThat(server.channel.isOutputShutdown()).isTrue();
      server.send("more");
      assertThat(request.rest().body).hasToString("more");
      server.endInput();
      assertThat(request.rest().ended).isTrue();
      assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void bytes_beforeTheAnswer_waitForIt() {
      FakeHandler.Request request = receive(CONNECT + "early");
      assertThat(request.rest().body).isEmpty();
      request.exchange().upgrade(ResponseHead.of(200));
      assertThat(request.rest().body).hasToString("early");
    }

    @Test
    void upgrade_declined_endsTheRequestAndKeepsTheConnection() {
      FakeHandler.Request request = receive(WEB_SOCKET);
      answer(request.exchange(), "no");
      assertThat(request.rest().ends).isEqualTo(1);
      assertThat(request.rest().body).isEmpty();
      server.send(GET);
      assertThat(server.handler.requests).hasSize(2);
    }

    @Test
    void upgrade_declinedWithinTheCall_endsTheRequest() {
      server.handler.onRequest = request -> answer(request.exchange(), "no");
      assertThat(receive(WEB_SOCKET).rest().ends).isEqualTo(1);
    }

    @Test
    void connect_declined_closesTheConnection() {
      FakeHandler.Request request =
          receive(CONNECT + "GET /smuggled HTTP/1.1\r\nhost: web\r\n\r\n");
      request.exchange().respond(ok(0), true);
      assertThat(server.sent()).contains("connection: close");
      assertThat(server.handler.requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "H2C", "websocket, h2c", "h2c\r\nUpgrade: websocket"})
    void h2cUpgrade_isStripped(String protocols) {
      FakeHandler.Request request =
          receive(
              "GET / HTTP/1.1\r\nhost: web\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: "
                  + protocols
                  + "\r\nHTTP2-Settings: AA\r\n\r\n");
      assertThat(request.head().headers).hasToString("[host]");
      assertThat(request.head().upgrade).isFalse();
      assertThat(request.end()).isTrue();
    }

    @Test
    void upgrade_ofRequestWithBody_isStripped() {
      FakeHandler.Request request =
          receive(WEB_SOCKET.replace("\r\n\r\n", "\r\ncontent-length: 2\r\n\r\nab"));
      assertThat(request.head().upgrade).isFalse();
      assertThat(request.rest().body).hasToString("ab");
    }

    @Test
    void upgrade_inHttp10_isStripped() {
      FakeHandler.Request request = receive(WEB_SOCKET.replace("HTTP/1.1", "HTTP/1.0"));
      assertThat(request.head().upgrade).isFalse();
      assertThat(request.end()).isTrue();
    }

    @Test
    void tunnel_reset_closes() {
      FakeHandler.Request request = receive(CONNECT);
      request.exchange().upgrade(ResponseHead.of(200));
      request.exchange().reset(Reset.CANCEL);
      assertThat(server.channel.isOpen()).isFalse();
      assertThat(request.rest().reset).isNull();
    }
  }

  @Nested
  class Ends {
    @Test
    void input_endingBetweenRequests_closes() {
      answer(receive(GET).exchange(), "x");
      server.endInput();
      assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void input_endingBeforeTheAnswer_stillGetsIt() {
      FakeHandler.Request request = receive(GET);
      server.endInput();
      assertThat(request.rest().reset).isNull();
      answer(request.exchange(), "x");
      assertThat(server.sent()).endsWith("x");
      assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void input_endingWithinTheBody_resetsTheRequest() {
      FakeHandler.Request request = receive(CHUNKED_POST + "5\r\nhe");
      server.endInput();
      assertThat(request.rest().reset).isEqualTo(Reset.CONNECTION_CLOSED);
      assertThat(request.rest().ended).isFalse();
      assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void input_thatEndedBeforeTheHandlerCame_isStillServed() {
      FakeHandler handler = new FakeHandler();
      HalfClosableChannel channel = new HalfClosableChannel(new ChannelInboundHandlerAdapter());
      channel.endInput();
      channel.pipeline().addLast(new Http1ServerConnection(handler, Http1Settings.DEFAULT));
      channel.pipeline().fireChannelRead(bytes(GET));
      channel.runPendingTasks();
      answer(handler.only().exchange(), "x");
      assertThat(ServerHarness.sent(channel)).endsWith("x");
      assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void input_endingWithinTheHead_closes() {
      server.send("GET / HT");
      server.endInput();
      assertThat(server.channel.isOpen()).isFalse();
      assertThat(server.handler.requests).isEmpty();
    }

    @Test
    void connectionLost_beforeTheAnswer_resetsTheRequest() {
      FakeHandler.Request request = receive(GET);
      var _ = server.channel.close();
      assertThat(request.rest().reset).isEqualTo(Reset.CONNECTION_CLOSED);
      request.exchange().respond(ResponseHead.of(200), true);
      assertThat(server.connection.activeExchanges()).isZero();
    }

    @Test
    void connectionLost_withPipelinedBytes_releasesThem() {
      server.send(GET + GET);
      var _ = server.channel.close();
      assertThat(server.handler.requests).hasSize(1);
    }

    @Test
    void close_resetsTheRequest() {
      FakeHandler.Request request = receive(GET);
      server.connection.close();
      assertThat(request.rest().reset.origin()).isEqualTo(Reset.Origin.LOCAL);
      assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void close_withinTheCall_resetsTheRequest() {
      server.handler.onRequest = _ -> server.connection.close();
      assertThat(receive(GET).rest().reset).isNotNull();
    }

    @Test
    void drain_whenIdle_closes() {
      server.connection.drain();
      server.channel.runPendingTasks();
      assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void drain_underWay_saysCloseAndThenCloses() {
      FakeHandler.Request request = receive(GET);
      server.connection.drain();
      server.connection.drain();
      assertThat(server.channel.isOpen()).isTrue();
      answer(request.exchange(), "x");
      assertThat(server.sent()).contains("connection: close");
      server.endInput();
      assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void drain_withinTheAnswer_closesAfterIt() {
      FakeHandler.Request request = receive(GET);
      request.exchange().respond(ok(1), false);
      server.connection.drain();
      request.exchange().data(bytes("x"), true);
      assertThat(server.sent()).endsWith("x");
      assertThat(server.channel.isOutputShutdown()).isTrue();
    }

    @Test
    void drain_withinAHead_servesThatRequest() {
      server.send("GET / HTTP/1.1\r\n");
      server.connection.drain();
      server.send("host: web\r\n\r\n");
      answer(server.handler.only().exchange(), "x");
      assertThat(server.sent()).contains("connection: close");
    }

    @Test
    void drain_leavesTunnelsAlone() {
      FakeHandler.Request request = receive(CONNECT);
      request.exchange().upgrade(ResponseHead.of(200));
      server.connection.drain();
      server.send("more");
      assertThat(request.rest().body).hasToString("more");
      assertThat(server.channel.isOpen()).isTrue();
    }

    @Test
    void handlerThatThrows_losesItsConnection() {
      server.handler.onRequest =
          _ -> {
            throw new IllegalStateException("boom");
          };
      server.send(GET);
      assertThat(server.channel.isOpen()).isFalse();
    }
  }

  @Nested
  class BackPressure {
    private final ServerHarness small = new ServerHarness(new Http1Settings(1024, 4096, 16, 1024));

    @AfterEach
    void closeSmall() {
      small.close();
    }

    @Test
    void body_beyondTheCredit_waitsUntilConsumed() {
      small.handler.holdsCredit = true;
      small.send("POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 3000\r\n\r\n");
      FakeHandler.Request request = small.handler.only();
      small.send("a".repeat(1024));
      int reads = small.channel.reads();
      small.send("b".repeat(1000));
      assertThat(request.rest().body).hasSize(1024);
      assertThat(small.channel.reads()).isEqualTo(reads);
      request.rest().giveBack();
      assertThat(request.rest().body).hasSize(2024);
      assertThat(small.channel.reads()).isEqualTo(reads + 1);
    }

    @Test
    void tinyChunks_countForTheMemoryTheyPin() {
      small.handler.holdsCredit = true;
      small.send(CHUNKED_POST);
      small.send("1\r\na\r\n".repeat(100));
      assertThat(small.handler.only().rest().deliveries).isLessThan(5);
      small.handler.only().rest().holdsCredit = false;
      small.handler.only().rest().giveBack();
      assertThat(small.handler.only().rest().body).hasSize(100);
    }

    @Test
    void whileTheAnswerIsAwaited_oneReadAheadIsAskedForAndNoMore() {
      int before = small.channel.reads();
      small.send(GET);
      assertThat(small.channel.reads()).isEqualTo(before + 1);
      small.send(GET);
      assertThat(small.channel.reads()).isEqualTo(before + 1);
      assertThat(small.handler.requests).hasSize(1);
    }

    @Test
    void pipelinedRequest_waitsWhileThePeerReadsNoAnswers() {
      small.send(GET + GET);
      small.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
      small.handler.only().exchange().respond(ResponseHead.of(200), true);
      assertThat(small.handler.requests).hasSize(1);
      small.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
      small.channel.runPendingTasks();
      assertThat(small.handler.requests).hasSize(2);
    }
  }
}

package dev.weft.proxy.http.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.Refusal;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server connection refuses, and with which status. */
class RefusalTest {
  private static final String HOST = "Host: web\r\n";
  private static final Http1Settings SMALL = new Http1Settings(64, 512, 8, 1024);

  static Arguments refused(String what, int status, String request) {
    return Arguments.of(what, status, request);
  }

  private static Arguments withFields(String what, int status, String fields) {
    return refused(what, status, "POST / HTTP/1.1\r\n" + HOST + fields + "\r\n");
  }

  private static Arguments withChunks(String what, String chunks) {
    return refused(
        what, 400, "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
  }

  static Stream<Arguments> heads() {
    return Stream.of(
        withFields("both lengths", 400, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
        withFields(
            "both lengths, reversed", 400, "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
        withFields("lengths differ", 400, "Content-Length: 5\r\nContent-Length: 6\r\n"),
        withFields("list of lengths", 400, "Content-Length: 5, 5\r\n"),
        withFields("signed length", 400, "Content-Length: +5\r\n"),
        withFields("negative length", 400, "Content-Length: -5\r\n"),
        withFields("empty length", 400, "Content-Length:\r\n"),
        withFields("hexadecimal length", 400, "Content-Length: 0x5\r\n"),
        withFields("length beyond a long", 400, "Content-Length: 9223372036854775808\r\n"),
        withFields("final coding is not chunked", 400, "Transfer-Encoding: chunked, gzip\r\n"),
        withFields("identity coding", 400, "Transfer-Encoding: identity\r\n"),
        withFields("misspelt coding", 400, "Transfer-Encoding: xchunked\r\n"),
        withFields("empty coding", 400, "Transfer-Encoding:\r\n"),
        withFields("unknown coding below chunked", 501, "Transfer-Encoding: gzip, chunked\r\n"),
        withFields(
            "two codings", 400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        withFields("vertical tab before chunked", 400, "Transfer-Encoding: \u000bchunked\r\n"),
        withFields("folded field", 400, "A: b\r\n c\r\n"),
        withFields("space before colon", 400, "A : b\r\n"),
        withFields("tab before colon", 400, "A\t: b\r\n"),
        withFields("space in name", 400, "A b: c\r\n"),
        withFields("no name", 400, ": b\r\n"),
        withFields("no colon", 400, "A\r\n"),
        withFields("bad name character", 400, "A(b): c\r\n"),
        withFields("non-ASCII name", 400, "\u00c4: c\r\n"),
        withFields("NUL in name", 400, "A\0: b\r\n"),
        withFields("NUL in value", 400, "A: b\0c\r\n"),
        withFields("control character in value", 400, "A: b\u0001c\r\n"),
        withFields("bare CR in value", 400, "A: b\rc\r\n"),
        withFields("bare LF after field", 400, "A: b\nC: d\r\n"),
        withFields("two hosts", 400, "Host: other\r\n"),
        withFields("too many options", 400, "Connection: " + "a,".repeat(40) + "\r\n"),
        refused("bare LF after the request line", 400, "GET / HTTP/1.1\nHost: web\n\n"),
        refused("bare LF at the end", 400, "GET / HTTP/1.1\r\nHost: web\r\n\n"),
        refused("white space before the first field", 400, "GET / HTTP/1.1\r\n Host: web\r\n\r\n"),
        refused("no host", 400, "GET / HTTP/1.1\r\n\r\n"),
        refused("host with a path", 400, "GET / HTTP/1.1\r\nHost: web/x\r\n\r\n"),
        refused("host with user information", 400, "GET / HTTP/1.1\r\nHost: me@web\r\n\r\n"),
        refused("host list", 400, "GET / HTTP/1.1\r\nHost: web other\r\n\r\n"),
        refused("host with a bad port", 400, "GET / HTTP/1.1\r\nHost: web:70000\r\n\r\n"),
        refused("coding in HTTP/1.0", 400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        refused("HTTP/0.9", 400, "GET /\r\n"),
        refused("HTTP/1.2", 505, "GET / HTTP/1.2\r\n"),
        refused("HTTP/2.0", 505, "GET / HTTP/2.0\r\n"),
        refused("HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        refused("lower-case version", 400, "GET / http/1.1\r\n"),
        refused("long version", 400, "GET / HTTP/1.11\r\n"),
        refused("two spaces", 400, "GET  / HTTP/1.1\r\n"),
        refused("space after version", 400, "GET / HTTP/1.1 \r\n"),
        refused("tab instead of space", 400, "GET\t/ HTTP/1.1\r\n"),
        refused("empty method", 400, " / HTTP/1.1\r\n"),
        refused("bad method", 400, "G(T / HTTP/1.1\r\n"),
        refused("fragment", 400, "GET /#a HTTP/1.1\r\n"),
        refused("NUL in target", 400, "GET /\0 HTTP/1.1\r\n"),
        refused("relative target", 400, "GET a/b HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("authority without CONNECT", 400, "GET web:80 HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("asterisk without OPTIONS", 400, "GET * HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("foreign scheme", 400, "GET ftp://web/ HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("empty authority", 400, "GET http:///a HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("user information", 400, "GET http://me@web/ HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("CONNECT in HTTP/1.0", 400, "CONNECT web:80 HTTP/1.0\r\n\r\n"),
        refused("CONNECT without port", 400, "CONNECT web HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("CONNECT to a path", 400, "CONNECT / HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("CONNECT to a URI", 400, "CONNECT http://web/ HTTP/1.1\r\n" + HOST + "\r\n"),
        refused(
            "CONNECT with a body",
            400,
            "CONNECT web:80 HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\n\r\n"),
        refused("TLS", 400, "\u0016\u0003\u0001\u0002\0\u0001\0\u0001"),
        refused("three empty lines", 400, "\r\n\r\n\r\nGET / HTTP/1.1\r\n" + HOST + "\r\n"));
  }

  static Stream<Arguments> chunks() {
    return Stream.of(
        withChunks("no digit", "x\r\n"),
        withChunks("empty size", "\r\n"),
        withChunks("signed size", "-1\r\n"),
        withChunks("prefixed size", "0x1\r\na\r\n"),
        withChunks("size with space", "1 \r\na\r\n"),
        withChunks("space before size", " 1\r\na\r\n"),
        withChunks("16 digits", "0000000000000001\r\na\r\n"),
        withChunks("size beyond a long", "ffffffffffffffffff\r\n"),
        withChunks("bare LF after size", "1\na\r\n"),
        withChunks("bare CR after size", "1\ra\r\n"),
        withChunks("no CRLF after data", "1\r\nab\r\n"),
        withChunks("no CRLF after data, at the end of the input", "1\r\nab"),
        withChunks("bare LF after data", "1\r\na\n0\r\n\r\n"),
        withChunks("LF in extension", "1;a\nb\r\n"),
        withChunks("NUL in extension", "1;a\0\r\n"),
        withChunks("long extension", "1;" + "a".repeat(17_000) + "\r\na\r\n"),
        withChunks("many extensions", ("1;" + "a".repeat(2_000) + "\r\na\r\n").repeat(10)),
        withChunks("folded trailer", "0\r\nA: b\r\n c\r\n\r\n"),
        withChunks("bare LF in trailers", "0\r\nA: b\n\r\n"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"heads", "chunks"})
  void malformedRequest_isAnsweredWithStatusAndEndsConnection(
      String what, int status, String request) {
    try (ServerHarness server = new ServerHarness()) {
      server.send(request);
      assertThat(server.sent())
          .startsWith("HTTP/1.1 " + status + " ")
          .endsWith("\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      assertThat(server.handler.refusals).hasSize(1);
      Refusal refusal = server.handler.refusals.getFirst();
      assertThat(refusal.status()).isEqualTo(status);
      assertThat(refusal.code()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
      assertThat(refusal.closes()).isTrue();
      server.send("GET /next HTTP/1.1\r\n" + HOST + "\r\n");
      assertThat(server.sent()).isEmpty();
      assertThat(server.handler.requests).hasSizeLessThan(2);
      server.endInput();
      assertThat(server.channel.isOpen()).isFalse();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("heads")
  void malformedHead_isNeverReportedAsRequest(String what, int status, String request) {
    try (ServerHarness server = new ServerHarness()) {
      server.send(request);
      assertThat(server.handler.requests).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("chunks")
  void malformedChunk_resetsTheRequest(String what, int status, String request) {
    try (ServerHarness server = new ServerHarness()) {
      server.send(request);
      Reset reset = server.handler.only().rest().reset;
      assertThat(reset).isNotNull();
      assertThat(reset.origin()).isEqualTo(Reset.Origin.VIOLATION);
      assertThat(server.handler.only().rest().ended).isFalse();
    }
  }

  static Stream<Arguments> oversized() {
    return Stream.of(
        refused("request line", 414, "GET /" + "a".repeat(60)),
        refused("method", 414, "G".repeat(65)),
        refused("request line by its end", 414, "GET /" + "a".repeat(49) + " HTTP/1.1\r\n"),
        refused("value", 431, "GET / HTTP/1.1\r\n" + HOST + "A: " + "b".repeat(512)),
        refused("name", 431, "GET / HTTP/1.1\r\n" + HOST + "a".repeat(512)),
        refused("white space", 431, "GET / HTTP/1.1\r\n" + HOST + "A:" + " ".repeat(512)),
        refused("fields", 431, "GET / HTTP/1.1\r\n" + HOST + "A: b\r\n".repeat(8)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("oversized")
  void oversizedHead_isRefusedBeforeItIsComplete(String what, int status, String request) {
    try (ServerHarness server = new ServerHarness(SMALL)) {
      server.send(request);
      assertThat(server.sent()).startsWith("HTTP/1.1 " + status + " ");
      assertThat(server.handler.refusals).hasSize(1);
    }
  }

  @Test
  void requestLine_ofExactlyTheLimit_isAccepted() {
    try (ServerHarness server = new ServerHarness(SMALL)) {
      server.send("GET /" + "a".repeat(48) + " HTTP/1.1\r\n" + HOST + "\r\n");
      assertThat(server.handler.requests).hasSize(1);
    }
  }

  @Test
  void fields_asManyAsTheLimit_areAccepted() {
    try (ServerHarness server = new ServerHarness(SMALL)) {
      server.send("GET / HTTP/1.1\r\n" + HOST + "A: b\r\n".repeat(7) + "\r\n");
      assertThat(server.handler.only().head().headers.size()).isEqualTo(8);
    }
  }

  @Test
  void trailers_beyondTheLimit_areRefused() {
    try (ServerHarness server = new ServerHarness(SMALL)) {
      server.send("POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n");
      server.send("A: " + "b".repeat(512));
      assertThat(server.sent()).startsWith("HTTP/1.1 431 ");
    }
  }

  @Test
  void malformedBody_afterTheAnswerBegan_closesWithoutSecondAnswer() {
    try (ServerHarness server = new ServerHarness()) {
      server.send("POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
      server.handler.only().exchange().respond(ResponseHead.of(200), false);
      server.sent();
      server.send("zz");
      assertThat(server.sent()).isEmpty();
      assertThat(server.channel.isOpen()).isFalse();
      assertThat(server.handler.refusals.getFirst().status()).isZero();
      assertThat(server.handler.only().rest().reset).isNotNull();
    }
  }

  @Test
  void equalLengths_areOne() {
    try (ServerHarness server = new ServerHarness()) {
      server.send("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx");
      assertThat(server.handler.only().rest().body).hasToString("x");
      assertThat(server.handler.only().head().headers.size()).isEqualTo(2);
    }
  }

  @Test
  void connectionOption_namingTheLength_doesNotRemoveIt() {
    try (ServerHarness server = new ServerHarness()) {
      server.send(
          "POST / HTTP/1.1\r\n"
              + HOST
              + "Connection: content-length, host\r\nContent-Length: 1\r\n\r\nx");
      assertThat(server.handler.only().head().headers.toString())
          .isEqualTo("[host, content-length]");
    }
  }
}

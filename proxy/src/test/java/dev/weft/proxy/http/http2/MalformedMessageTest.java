package dev.weft.proxy.http.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9113, sections 8.1 to 8.3: what is malformed ends its stream and nothing else. */
class MalformedMessageTest {
  private final TestServer server = TestServer.ready();
  private final TestClient client = TestClient.ready();

  @AfterEach
  void finish() {
    server.finish();
    client.finish();
  }

  private static final String OK = ":method=GET|:scheme=http|:path=/|";

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK + "Accept=a",
        OK + "a b=c",
        OK + "a:b=c",
        OK + "a\u00e9=c",
        OK + "\u0000=c",
        OK + "a=b\r\nc: d",
        OK + "a=b\nc",
        OK + "a=b\u0000c",
        OK + "a= b",
        OK + "a=b ",
        OK + "a=\tb",
        OK + "connection=close",
        OK + "connection=keep-alive",
        OK + "keep-alive=timeout=5",
        OK + "proxy-connection=close",
        OK + "transfer-encoding=chunked",
        OK + "upgrade=websocket",
        OK + "te=gzip",
        OK + "te=trailers, deflate",
        OK + ":authority=web|:authority=web",
        OK + ":path=/",
        OK + ":status=200",
        OK + ":protocol=websocket",
        OK + ":other=x",
        OK + "a=b|:authority=web",
        OK + "host=a|host=a",
        OK + ":authority=user@web",
        OK + ":authority=a b",
        OK + ":authority=a/b",
        OK + "content-length=-1",
        OK + "content-length=+1",
        OK + "content-length=1 1",
        OK + "content-length=0x1",
        OK + "content-length=9999999999999999999",
        OK + "content-length=1|content-length=2",
        OK + "content-length=5",
        ":scheme=http|:path=/",
        ":method=GET|:path=/",
        ":method=GET|:scheme=http",
        ":method=|:scheme=http|:path=/",
        ":method=GE T|:scheme=http|:path=/",
        ":method=GET|:scheme=ht tp|:path=/",
        ":method=GET|:scheme=|:path=/",
        ":method=GET|:scheme=http|:path=",
        ":method=GET|:scheme=http|:path=x",
        ":method=GET|:scheme=http|:path=/ HTTP/1.1",
        ":method=GET|:scheme=http|:path=/a#b",
        ":method=GET|:scheme=http|:path=*",
        ":method=GET|:scheme=http|:path=http://web/",
        ":method=CONNECT",
        ":method=CONNECT|:authority=",
        ":method=CONNECT|:authority=db:1|:path=/",
        ":method=CONNECT|:authority=db:1|:scheme=http",
      })
  void request_malformed_isResetAndReported(String fields) {
    server.send(Wire.rawHeaders(1, true, fields.split("\\|")));

    assertThat(server.requests).isEmpty();
    assertThat(server.received()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
    assertThat(server.refusals).hasSize(1);
    assertThat(server.refusals.getFirst().closes()).isFalse();

    server.send(server.wire.headers(3, true, Wire.GET));
    assertThat(server.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK + "te=trailers",
        OK + "te=Trailers",
        OK + "a=",
        OK + "a=b\u00e9c d\te",
        OK + "content-length=0",
        OK + "content-length=0|content-length=0",
        OK + "host=web",
        ":method=OPTIONS|:scheme=http|:path=*",
        ":path=/\u00e9?ab|:method=M-SEARCH|:scheme=h2+x",
        ":method=CONNECT|:authority=db:5432",
      })
  void request_unusualButRight_isAccepted(String fields) {
    server.send(Wire.rawHeaders(1, true, fields.split("\\|")));

    assertThat(server.received()).isEmpty();
    assertThat(server.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {":status=200", "A=b", "connection=close", "a=\n"})
  void requestTrailers_malformed_resetTheStream(String field) {
    server.send(server.wire.headers(1, false, Wire.POST), Wire.rawHeaders(1, true, field));

    assertThat(server.last().heard().events).containsExactly("reset VIOLATION/PROTOCOL_ERROR");
    assertThat(server.received()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
  }

  @Test
  void secondHead_withoutEnd_resetsTheStream() {
    server.send(server.wire.headers(1, false, Wire.POST), Wire.rawHeaders(1, false, "a=b"));

    assertThat(server.last().heard().events).containsExactly("reset VIOLATION/PROTOCOL_ERROR");
  }

  @Test
  void requestBody_longerThanContentLength_resetsTheStream() {
    server.send(
        Wire.rawHeaders(1, false, (OK + "content-length=3").split("\\|")),
        Wire.data(1, false, "ab"),
        Wire.data(1, false, "cd"));

    assertThat(server.last().heard().events).containsExactly("reset VIOLATION/PROTOCOL_ERROR");
    assertThat(server.last().heard().bodyBytes).isEqualTo(2);
  }

  @Test
  void requestBody_shorterThanContentLength_resetsTheStream() {
    String[] head = (OK + "content-length=3").split("\\|");
    server.send(Wire.rawHeaders(1, false, head), Wire.data(1, true, "ab"));
    server.send(
        Wire.rawHeaders(3, false, head),
        Wire.data(3, false, "ab"),
        Wire.rawHeaders(3, true, "a=b"));

    assertThat(server.requests.get(0).heard().events)
        .containsExactly("reset VIOLATION/PROTOCOL_ERROR");
    assertThat(server.requests.get(1).heard().events)
        .containsExactly("reset VIOLATION/PROTOCOL_ERROR");
  }

  @Test
  void requestBody_asLongAsContentLength_isDelivered() {
    server.send(
        Wire.rawHeaders(1, false, (OK + "content-length=3").split("\\|")),
        Wire.data(1, false, "ab"),
        Wire.data(1, true, "c"));

    assertThat(server.last().heard().events).containsExactly("data 'abc' end");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=b",
        ":status=",
        ":status=20",
        ":status=2000",
        ":status=abc",
        ":status=099",
        ":status=101",
        ":status=200|:status=200",
        ":status=200|:path=/",
        ":status=200|Server=x",
        ":status=200|transfer-encoding=chunked",
        ":status=200|content-length=5",
        ":status=100",
      })
  void response_malformed_isResetAndReported(String fields) {
    TestClient.Call call = client.open("GET", true);
    client.send(Wire.rawHeaders(1, true, fields.split("\\|")));

    assertThat(call.heard().events).containsExactly("reset VIOLATION/PROTOCOL_ERROR");
    assertThat(client.received()).endsWith("RST_STREAM 1 PROTOCOL_ERROR");
    assertThat(client.connection.isUsable()).isTrue();
  }

  @Test
  void responseData_beforeTheHead_resetsTheStream() {
    TestClient.Call call = client.open("GET", true);
    client.send(Wire.data(1, true, "x"));

    assertThat(call.heard().events).containsExactly("reset VIOLATION/PROTOCOL_ERROR");
  }

  @Test
  void responseToHead_withContentLengthAndNoBody_isFine() {
    TestClient.Call call = client.open("HEAD", true);
    client.send(client.wire.headers(1, true, ":status=200", "content-length=5"));

    assertThat(call.heard().events).containsExactly("response 200 content-length=5 end");
  }

  @Test
  void responseToHead_withBody_resetsTheStream() {
    TestClient.Call call = client.open("HEAD", true);
    client.send(client.wire.headers(1, false, ":status=200"), Wire.data(1, true, "x"));

    assertThat(call.heard().events)
        .containsExactly("response 200", "reset VIOLATION/PROTOCOL_ERROR");
  }

  @Test
  void informationals_withoutEnd_resetTheStream() {
    TestClient.Call call = client.open("GET", true);
    for (int i = 0; i <= ClientStream.MAX_INFORMATIONAL; i++) {
      client.send(client.wire.headers(1, false, ":status=103"));
    }

    assertThat(call.heard().events).last().isEqualTo("reset VIOLATION/ENHANCE_YOUR_CALM");
  }
}

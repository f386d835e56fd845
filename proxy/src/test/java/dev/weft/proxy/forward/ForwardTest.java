package dev.weft.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.http.ErrorCode;
import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ForwardTest {
  private final FakeServerExchange server = new FakeServerExchange();
  private final FakeClientConnection client = new FakeClientConnection();
  private final Owner owner = new Owner();

  @Test
  void request_withBodyAndTrailers_isPassedOnWithCreditBothWays() {
    Forward forward = forward(HttpVersion.HTTP_2, "POST", false);
    forward.onData(bytes("early"), false);
    assertThat(server.consumed).isZero();
    forward.open(client, true, false);
    forward.onData(bytes("late"), false);
    HeaderBlock trailers = new HeaderBlock();
    forward.onTrailers(trailers);
    FakeClientConnection.Opened sent = client.last();
    assertThat(sent.body).hasToString("earlylate");
    assertThat(sent.trailers).isEqualTo(trailers);
    sent.listener.onWritten(5);
    assertThat(server.consumed).isEqualTo(5);
    sent.listener.onWritten(4);
    assertThat(server.consumed).isEqualTo(9);

    sent.listener.onResponse(ResponseHead.of(200), false);
    sent.listener.onData(bytes("answer"), false);
    assertThat(sent.consumed).isZero();
    forward.onWritten(6);
    assertThat(sent.consumed).isEqualTo(6);
    sent.listener.onTrailers(new HeaderBlock());
    assertThat(server.body).hasToString("answer");
    assertThat(server.ended).isTrue();
    assertThat(owner.ends).containsExactly((Reset) null);
    assertThat(forward.isOver()).isTrue();
    assertThat(owner.over).isTrue();
  }

  @Test
  void http1Request_onHttp2Connection_isCarriedAndRestored() {
    RequestHead head = RequestHead.of(HttpVersion.HTTP_1_0, "GET", "/");
    Forward forward = new Forward(head, server, false, true, Answers.VERBOSE, owner);
    forward.open(client, true, false);
    assertThat(text(client.last().head.headers.get(HeaderNames.L5D_ORIG_PROTO)))
        .isEqualTo("HTTP/1.0");
    ResponseHead response = new ResponseHead(HttpVersion.HTTP_2, 200, null, new HeaderBlock());
    response.headers.add(HeaderNames.L5D_ORIG_PROTO, AsciiString.of("HTTP/1.1"));
    client.last().listener.onResponse(response, true);
    assertThat(server.response.version).isEqualTo(HttpVersion.HTTP_1_1);
    assertThat(server.response.headers.contains(HeaderNames.L5D_ORIG_PROTO)).isFalse();
  }

  @Test
  void carriedRequest_isAnsweredWithTheVersionOfTheApplication() {
    RequestHead head = RequestHead.of(HttpVersion.HTTP_2, "GET", "/");
    head.headers.add(HeaderNames.L5D_ORIG_PROTO, AsciiString.of("HTTP/1.1; absolute-form"));
    boolean carried = OrigProto.restore(head);
    assertThat(carried).isTrue();
    Forward forward = new Forward(head, server, carried, true, Answers.TERSE, owner);
    forward.open(client, false, false);
    assertThat(client.last().head.headers.contains(HeaderNames.L5D_ORIG_PROTO)).isFalse();
    client.last().listener.onResponse(ResponseHead.of(204), true);
    assertThat(text(server.response.headers.get(HeaderNames.L5D_ORIG_PROTO))).isEqualTo("HTTP/1.1");
  }

  @Test
  void informationalResponse_isPassedOn() {
    Forward forward = forward(HttpVersion.HTTP_1_1, "POST", false);
    forward.open(client, false, false);
    client.last().listener.onInformational(ResponseHead.of(100));
    assertThat(server.informational).hasSize(1);
    assertThat(server.response).isNull();
  }

  @Test
  void upgrade_becomesATunnelWithTwoEnds() {
    Forward forward = forward(HttpVersion.HTTP_1_1, "GET", true);
    forward.open(client, false, false);
    FakeClientConnection.Opened sent = client.last();
    sent.listener.onUpgrade(ResponseHead.of(101));
    assertThat(server.upgraded).isTrue();
    forward.onData(bytes("ping"), true);
    assertThat(sent.body).hasToString("ping");
    assertThat(owner.ends).isEmpty();
    sent.listener.onData(bytes("pong"), true);
    assertThat(server.body).hasToString("pong");
    assertThat(owner.ends).containsExactly((Reset) null);
  }

  @Test
  void reset_byHttp2PeerBeforeResponse_keepsItsCodeForHttp2Clients() {
    Forward forward = forward(HttpVersion.HTTP_2, "GET", true);
    forward.open(client, true, false);
    client.last().listener.onReset(Reset.peer(0x1234));
    assertThat(server.reset.code()).isEqualTo(0x1234);
    assertThat(server.response).isNull();
  }

  @Test
  void reset_byHttp2PeerBeforeResponse_is502ForHttp1Clients() {
    Forward forward = forward(HttpVersion.HTTP_1_1, "GET", true);
    forward.open(client, true, false);
    client.last().listener.onReset(Reset.peer(ErrorCode.CANCEL.code()));
    assertThat(server.response.status).isEqualTo(502);
    assertThat(server.reset).isNull();
  }

  @Test
  void connectionLoss_afterResponseBegan_abortsTheBody() {
    Forward forward = forward(HttpVersion.HTTP_1_1, "GET", true);
    forward.open(client, false, false);
    client.last().listener.onResponse(ResponseHead.of(200), false);
    client.last().listener.onReset(Reset.CONNECTION_CLOSED);
    assertThat(server.reset).isNotNull();
    assertThat(owner.ends).containsExactly(Reset.CONNECTION_CLOSED);
  }

  @Test
  void connectionLoss_afterGrpcResponseBegan_becomesTrailers() {
    RequestHead head = RequestHead.of(HttpVersion.HTTP_2, "POST", "/s/m");
    head.headers.add(HeaderNames.CONTENT_TYPE, AsciiString.of("application/grpc"));
    Forward forward = new Forward(head, server, false, true, Answers.VERBOSE, owner);
    forward.open(client, true, false);
    client.last().listener.onResponse(ResponseHead.of(200), false);
    client.last().listener.onReset(Reset.CONNECTION_CLOSED);
    assertThat(text(server.trailers.get(AsciiString.of("grpc-status")))).isEqualTo("14");
    assertThat(server.reset).isNull();
  }

  @Test
  void unprocessedRequest_withSmallBody_isSentAgainWhole() {
    owner.resends = true;
    Forward forward = forward(HttpVersion.HTTP_2, "POST", false);
    forward.open(client, true, false);
    forward.onData(bytes("abc"), false);
    client.last().listener.onWritten(3);
    assertThat(server.consumed).isEqualTo(3);
    client.last().listener.onReset(Reset.unprocessed("GOAWAY"));
    assertThat(server.response).isNull();
    forward.onData(bytes("def"), true);
    FakeClientConnection other = new FakeClientConnection();
    forward.open(other, true, false);
    assertThat(other.last().body).hasToString("abcdef");
    assertThat(other.last().ended).isTrue();
    other.last().listener.onWritten(6);
    assertThat(server.consumed).isEqualTo(6);
    other.last().listener.onResponse(ResponseHead.of(200), true);
    assertThat(server.response.status).isEqualTo(200);
  }

  @Test
  void unprocessedRequest_withLargeBodyUnderWay_is502() {
    owner.resends = true;
    Forward forward = forward(HttpVersion.HTTP_1_1, "POST", false);
    forward.open(client, true, false);
    forward.onData(Unpooled.wrappedBuffer(new byte[Replay.MAX_BYTES + 1]), false);
    client.last().listener.onReset(Reset.unprocessed("GOAWAY"));
    assertThat(server.response.status).isEqualTo(502);
    assertThat(server.consumed).isEqualTo(Replay.MAX_BYTES + 1);
  }

  @Test
  void connectionLoss_onReusedConnection_repeatsOnlyIdempotentRequests() {
    owner.resends = true;
    Forward get = forward(HttpVersion.HTTP_1_1, "GET", true);
    get.open(client, false, true);
    client.last().listener.onReset(Reset.CONNECTION_CLOSED);
    assertThat(server.response).isNull();

    FakeServerExchange posting = new FakeServerExchange();
    RequestHead head = RequestHead.of(HttpVersion.HTTP_1_1, "POST", "/");
    Forward post = new Forward(head, posting, false, true, Answers.VERBOSE, owner);
    post.open(client, false, true);
    client.last().listener.onReset(Reset.CONNECTION_CLOSED);
    assertThat(posting.response.status).isEqualTo(502);
  }

  @Test
  void resend_isBounded() {
    owner.resends = true;
    Forward forward = forward(HttpVersion.HTTP_1_1, "GET", true);
    int attempts = 0;
    while (server.response == null) {
      attempts++;
      forward.open(client, true, false);
      client.last().listener.onReset(Reset.unprocessed("REFUSED_STREAM"));
      assertThat(attempts).isLessThan(100);
    }
    assertThat(attempts).isEqualTo(5);
  }

  @Test
  void clientReset_isPassedToTheEndpoint() {
    Forward forward = forward(HttpVersion.HTTP_2, "GET", true);
    forward.open(client, true, false);
    forward.onReset(Reset.peer(ErrorCode.CANCEL.code()));
    assertThat(client.last().reset.code()).isEqualTo(ErrorCode.CANCEL.code());
    assertThat(owner.ends).hasSize(1);
    assertThat(owner.ends.getFirst().origin()).isEqualTo(Reset.Origin.LOCAL);
    assertThat(owner.over).isTrue();
  }

  @Test
  void clientReset_whileWaiting_releasesWhatArrived() {
    Forward forward = forward(HttpVersion.HTTP_2, "POST", false);
    ByteBuf held = bytes("x");
    forward.onData(held, false);
    forward.onReset(Reset.CANCEL);
    assertThat(held.refCnt()).isZero();
    assertThat(forward.isOver()).isTrue();
    assertThat(owner.over).isTrue();
    forward.open(client, true, false);
    assertThat(client.opened).isEmpty();
  }

  @Test
  void earlyResponse_thenEndpointStopsReading_dropsTheRestOfTheRequest() {
    Forward forward = forward(HttpVersion.HTTP_1_1, "POST", false);
    forward.open(client, true, false);
    forward.onData(bytes("abc"), false);
    client.last().listener.onResponse(ResponseHead.of(413), true);
    client.last().listener.onReset(Reset.peer(ErrorCode.NO_ERROR.code()));
    assertThat(server.response.status).isEqualTo(413);
    assertThat(server.reset).isNull();
    forward.onData(bytes("defg"), true);
    assertThat(server.consumed).isEqualTo(7);
    assertThat(owner.ends).containsExactly((Reset) null);
  }

  @Test
  void refusal_tellsVerboseClientsWhyAndCloses() {
    Forward forward = forward(HttpVersion.HTTP_1_1, "GET", true);
    forward.refuse(Refusal.FAIL_FAST.in("service x"));
    assertThat(server.response.status).isEqualTo(504);
    assertThat(text(server.response.headers.get(HeaderNames.L5D_PROXY_ERROR)))
        .isEqualTo("service x: service in fail-fast");
    assertThat(text(server.response.headers.get(HeaderNames.L5D_PROXY_CONNECTION)))
        .isEqualTo("close");
    assertThat(text(server.response.headers.get(HeaderNames.CONTENT_LENGTH))).isEqualTo("0");
    assertThat(server.drained).isTrue();
    assertThat(server.ended).isTrue();
    assertThat(owner.over).isTrue();
  }

  @Test
  void refusal_ofGrpcCall_hasGrpcShape() {
    RequestHead head = RequestHead.of(HttpVersion.HTTP_2, "POST", "/s/m");
    head.headers.add(HeaderNames.CONTENT_TYPE, AsciiString.of("application/grpc+proto"));
    Forward forward = new Forward(head, server, false, false, Answers.TERSE, owner);
    forward.refuse(Refusal.of(Refusal.Cause.UNAUTHORIZED, "secret reason"));
    assertThat(server.response.status).isEqualTo(200);
    assertThat(text(server.response.headers.get(AsciiString.of("grpc-status")))).isEqualTo("7");
    assertThat(server.response.headers.contains(AsciiString.of("grpc-message"))).isFalse();
    assertThat(server.response.headers.contains(HeaderNames.L5D_PROXY_ERROR)).isFalse();
    assertThat(server.drained).isFalse();
    assertThat(server.reset).isEqualTo(Reset.NO_ERROR);
  }

  @Test
  void refusal_withUnprintableMessage_saysUnexpectedError() {
    Forward forward = forward(HttpVersion.HTTP_1_1, "GET", true);
    forward.refuse(Refusal.injected(418, "line\r\nx-evil: 1"));
    assertThat(text(server.response.headers.get(HeaderNames.L5D_PROXY_ERROR)))
        .isEqualTo("unexpected error");
  }

  private Forward forward(HttpVersion version, String method, boolean end) {
    RequestHead head = RequestHead.of(version, method, "/");
    return new Forward(head, server, false, end, Answers.VERBOSE, owner);
  }

  private static String text(@Nullable AsciiString value) {
    return String.valueOf(value);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private static final class Owner implements ForwardListener {
    final List<@Nullable Reset> ends = new ArrayList<>();
    boolean resends;
    boolean over;

    @Override
    public void onOver() {
      assertThat(over).as("over twice").isFalse();
      over = true;
    }

    @Override
    public void onEnd(@Nullable Reset failure) {
      ends.add(failure);
    }

    @Override
    public boolean resend(Forward forward, Reset reason) {
      return resends;
    }
  }
}

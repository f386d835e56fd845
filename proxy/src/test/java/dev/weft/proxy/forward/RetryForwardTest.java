package dev.weft.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Responses that the owner does not take. */
final class RetryForwardTest {
  private final FakeServerExchange server = new FakeServerExchange();
  private final FakeClientConnection client = new FakeClientConnection();
  private final Owner owner = new Owner();

  private Forward forward(boolean end) {
    RequestHead head = RequestHead.of(HttpVersion.HTTP_2, "POST", "/s/m");
    return new Forward(head, server, false, end, Answers.VERBOSE, owner);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private static HeaderBlock trailers(String code) {
    HeaderBlock block = new HeaderBlock();
    block.add(AsciiString.of("grpc-status"), AsciiString.of(code));
    return block;
  }

  @Test
  void refusedResponse_isDropped_andTheWholeRequestIsSentAgain() {
    Forward forward = forward(false);
    forward.onData(bytes("early"), false);
    forward.open(client, true, false);
    forward.onData(bytes("late"), true);
    owner.verdict = ForwardListener.Verdict.RETRY;
    FakeClientConnection.Opened first = client.last();
    first.listener.onResponse(ResponseHead.of(503), false);
    assertThat(first.reset).isNotNull();
    assertThat(server.response).isNull();
    assertThat(owner.takenBack).isEqualTo(1);

    forward.open(client, true, false);
    assertThat(client.last()).isNotSameAs(first);
    assertThat(client.last().body).hasToString("earlylate");
    assertThat(client.last().ended).isTrue();
    owner.verdict = ForwardListener.Verdict.PASS;
    client.last().listener.onResponse(ResponseHead.of(200), true);
    assertThat(server.response.status).isEqualTo(200);
    assertThat(owner.over).isTrue();
  }

  @Test
  void whatADroppedResponseStillSends_isIgnored() {
    Forward forward = forward(true);
    forward.open(client, true, false);
    owner.verdict = ForwardListener.Verdict.RETRY;
    FakeClientConnection.Opened first = client.last();
    first.listener.onResponse(ResponseHead.of(503), true);
    assertThat(first.reset).isNull();
    ByteBuf late = bytes("late");
    first.listener.onData(late, true);
    assertThat(late.refCnt()).isZero();
    first.listener.onReset(Reset.CONNECTION_CLOSED);
    assertThat(server.response).isNull();
    assertThat(forward.isOver()).isFalse();
  }

  @Test
  void response_beforeTheRequestIsComplete_isNotJudged() {
    Forward forward = forward(false);
    forward.open(client, true, false);
    owner.verdict = ForwardListener.Verdict.RETRY;
    client.last().listener.onResponse(ResponseHead.of(503), false);
    assertThat(server.response.status).isEqualTo(503);
  }

  @Test
  void response_toARequestBeyondTheBuffer_isNotJudged() {
    Forward forward = forward(false);
    forward.open(client, true, false);
    forward.onData(bytes("x".repeat(Replay.MAX_BYTES + 1)), true);
    owner.verdict = ForwardListener.Verdict.RETRY;
    client.last().listener.onResponse(ResponseHead.of(503), true);
    assertThat(server.response.status).isEqualTo(503);
  }

  @Test
  void heldResponse_withUnwantedTrailers_isDropped() {
    Forward forward = forward(true);
    forward.open(client, true, false);
    owner.verdict = ForwardListener.Verdict.HOLD;
    owner.retriesTrailers = true;
    client.last().listener.onResponse(ResponseHead.of(200), false);
    assertThat(server.response).isNull();
    client.last().listener.onTrailers(trailers("14"));
    assertThat(owner.takenBack).isEqualTo(1);
    assertThat(server.response).isNull();
  }

  @Test
  void heldResponse_withOtherTrailers_isPassedOn() {
    Forward forward = forward(true);
    forward.open(client, true, false);
    owner.verdict = ForwardListener.Verdict.HOLD;
    client.last().listener.onResponse(ResponseHead.of(200), false);
    client.last().listener.onTrailers(trailers("0"));
    assertThat(server.response.status).isEqualTo(200);
    assertThat(server.trailers).isEqualTo(trailers("0"));
    assertThat(owner.over).isTrue();
  }

  @Test
  void heldResponse_isPassedOnWithItsFirstData() {
    Forward forward = forward(true);
    forward.open(client, true, false);
    owner.verdict = ForwardListener.Verdict.HOLD;
    client.last().listener.onResponse(ResponseHead.of(200), false);
    client.last().listener.onData(bytes("answer"), false);
    assertThat(server.response.status).isEqualTo(200);
    assertThat(server.body).hasToString("answer");
  }

  @Test
  void heldResponse_ofAClientThatLeaves_isForgotten() {
    Forward forward = forward(true);
    forward.open(client, true, false);
    owner.verdict = ForwardListener.Verdict.HOLD;
    client.last().listener.onResponse(ResponseHead.of(200), false);
    forward.onReset(Reset.CANCEL);
    client.last().listener.onTrailers(trailers("0"));
    assertThat(server.response).isNull();
    assertThat(owner.over).isTrue();
  }

  @Test
  void requestTakenBack_isOpenedElsewhere() {
    Forward forward = forward(true);
    assertThat(forward.takeBack()).isFalse();
    forward.open(client, true, false);
    assertThat(forward.takeBack()).isTrue();
    assertThat(client.last().reset).isNotNull();
    forward.open(client, true, false);
    client.last().listener.onResponse(ResponseHead.of(204), true);
    assertThat(server.response.status).isEqualTo(204);
    assertThat(forward.takeBack()).isFalse();
  }

  @Test
  void unsentRequest_isTriedAgain_whereItsRefusalIsUnwanted() {
    Forward forward = forward(true);
    owner.retriesRefusal = true;
    forward.unsent(Refusal.of(Refusal.Cause.BAD_GATEWAY, "refused"));
    assertThat(owner.takenBack).isEqualTo(1);
    owner.retriesRefusal = false;
    forward.unsent(Refusal.of(Refusal.Cause.BAD_GATEWAY, "refused"));
    assertThat(server.response.status).isEqualTo(502);
  }

  @Test
  void sentRequest_isToldOnce() {
    Forward forward = forward(false);
    forward.open(client, true, false);
    assertThat(owner.sent).isZero();
    forward.onData(bytes("all"), true);
    assertThat(owner.sent).isEqualTo(1);
  }

  private static final class Owner implements ForwardListener {
    Verdict verdict = Verdict.PASS;
    boolean retriesTrailers;
    boolean retriesRefusal;
    int takenBack;
    int sent;
    boolean over;

    @Override
    public Verdict judge(ResponseHead head, boolean end) {
      return verdict;
    }

    @Override
    public boolean retries(ResponseHead head, HeaderBlock trailers) {
      return retriesTrailers;
    }

    @Override
    public boolean retries(Refusal refusal) {
      return retriesRefusal;
    }

    @Override
    public void onTakenBack() {
      takenBack++;
    }

    @Override
    public void onSent() {
      sent++;
    }

    @Override
    public void onOver() {
      over = true;
    }
  }
}

package dev.weft.proxy.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PreludeTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final List<String> heard = new ArrayList<>();
  private final EmbeddedChannel client = new EmbeddedChannel();
  private final EmbeddedChannel server = new EmbeddedChannel();
  private final Promise<Channel> dialled = ImmediateEventExecutor.INSTANCE.newPromise();
  private int dials;

  private Prelude<HttpHint> prelude;

  PreludeTest() {
    client.freezeTime();
    server.config().setAutoRead(false);
    client.config().setAutoRead(false);
  }

  @AfterEach
  void close() {
    client.finishAndReleaseAll();
    server.finishAndReleaseAll();
  }

  private EarlyDial early() {
    return new EarlyDial(
        () -> {
          dials++;
          return dialled;
        });
  }

  private void begin(EarlyDial early) {
    prelude =
        new Prelude<>(
            HttpHint::of,
            HttpHint.MAX_BYTES,
            TIMEOUT,
            early,
            new Prelude.Listener<>() {
              @Override
              public void decided(HttpHint verdict) {
                heard.add(verdict.toString());
              }

              @Override
              public void serverSpoke() {
                heard.add("server");
              }

              @Override
              public void timedOut(boolean silent) {
                heard.add(silent ? "silent" : "timeout");
              }

              @Override
              public void closed(Throwable cause) {
                heard.add("closed " + cause);
              }
            });
    client.pipeline().addLast(prelude);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private void pass(Duration time) {
    client.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
    client.runScheduledPendingTasks();
  }

  @Test
  void requestLine_inTwoSegments_isHttpAndNothingIsLost() {
    begin(null);
    client.writeInbound(bytes("GET /so"));
    assertThat(heard).isEmpty();
    client.writeInbound(bytes("me HTTP/1.1\r\n"));
    assertThat(heard).containsExactly("HTTP_1");

    assertThat((Object) client.readInbound()).as("held until proceed").isNull();
    prelude.proceed();
    assertThat(read(client)).isEqualTo("GET /some HTTP/1.1\r\n");
  }

  @Test
  void silentClient_dialsAfterSilence_andServerThatSpeaksDecides() {
    EarlyDial early = early();
    begin(early);
    pass(Prelude.SILENCE.minusMillis(1));
    assertThat(dials).isZero();
    pass(Duration.ofMillis(1));
    assertThat(dials).isEqualTo(1);

    dialled.setSuccess(server);
    server.writeInbound(bytes("220 mail ready\r\n"));
    assertThat(heard).containsExactly("server");
    Future<Channel> taken = early.take();
    assertThat(taken.getNow()).isSameAs(server);
    EarlyDial.handOver(server);
    assertThat(read(server)).isEqualTo("220 mail ready\r\n");
    assertThat(dials).isEqualTo(1);
  }

  @Test
  void clientThatSpeaksAfterTheDial_isStillHttp() {
    EarlyDial early = early();
    begin(early);
    pass(Prelude.SILENCE);
    dialled.setSuccess(server);
    client.writeInbound(bytes("GET / HTTP/1.1\r\n"));
    assertThat(heard).containsExactly("HTTP_1");
    early.discard();
    assertThat(server.isOpen()).isFalse();
  }

  @Test
  void clientThatSpeaksSoon_isNotDialledFor() {
    begin(early());
    client.writeInbound(bytes("PRI * HTTP/2.0"));
    pass(Duration.ofSeconds(1));
    assertThat(dials).isZero();
    assertThat(heard).containsExactly("HTTP_2");
  }

  @Test
  void serverThatCloses_counts() {
    begin(early());
    pass(Prelude.SILENCE);
    dialled.setSuccess(server);
    var _ = server.close();
    assertThat(heard).containsExactly("server");
  }

  @Test
  void dialThatFails_leavesTheClientTime_andIsMadeAnewWhenNeeded() {
    EarlyDial early = early();
    begin(early);
    pass(Prelude.SILENCE);
    dialled.setFailure(new IOException("refused"));
    assertThat(heard).isEmpty();
    client.writeInbound(bytes("\u0000"));
    assertThat(heard).containsExactly("OTHER");
    var _ = early.take();
    assertThat(dials).isEqualTo(2);
  }

  @Test
  void dialDiscardedWhileUnderWay_isClosedWhenMade() {
    EarlyDial early = early();
    begin(early);
    pass(Prelude.SILENCE);
    early.discard();
    dialled.setSuccess(server);
    assertThat(server.isOpen()).isFalse();
  }

  @Test
  void half_aRequestLine_timesOut() {
    begin(null);
    client.writeInbound(bytes("GET /slow"));
    pass(TIMEOUT);
    assertThat(heard).containsExactly("timeout");
  }

  @Test
  void silence_withoutEarlyDial_timesOut() {
    begin(null);
    pass(TIMEOUT);
    assertThat(heard).containsExactly("silent");
  }

  @Test
  void endOfInput_withoutAByte_isClosed() {
    begin(null);
    client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(heard).containsExactly("closed null");
  }

  @Test
  void endOfInput_afterBytes_decidesAndIsPassedOn() {
    begin(null);
    client.writeInbound(bytes("GE"));
    client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(heard).containsExactly("OTHER");
    List<Object> events = new ArrayList<>();
    client
        .pipeline()
        .addLast(
            new io.netty.channel.ChannelInboundHandlerAdapter() {
              @Override
              public void userEventTriggered(
                  io.netty.channel.ChannelHandlerContext ctx, Object event) {
                events.add(event);
              }
            });
    prelude.proceed();
    assertThat(read(client)).isEqualTo("GE");
    assertThat(events).containsExactly(ChannelInputShutdownEvent.INSTANCE);
  }

  @Test
  void connectionLost_whileHeld_isReportedOnceAndReleases() {
    begin(null);
    ByteBuf bytes = bytes("GE");
    client.writeInbound(bytes);
    var _ = client.close();
    pass(TIMEOUT);
    assertThat(heard).containsExactly("closed null");
    assertThat(bytes.refCnt()).isZero();
  }

  private static String read(EmbeddedChannel channel) {
    ByteBuf bytes = channel.readInbound();
    String text = bytes.toString(StandardCharsets.US_ASCII);
    bytes.release();
    return text;
  }
}

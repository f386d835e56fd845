package dev.weft.proxy.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.tap.ObserveRequest.Match;
import dev.weft.api.tap.TapEvent.ProxyDirection;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.ResponseHead;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TapTest {
  private static final TapMatch ALL = (_, _) -> true;
  private static final RequestHead HEAD = RequestHead.of(HttpVersion.HTTP_1_1, "GET", "/");

  /** A request with these labels. */
  private record Subject(Map<String, String> destinationLabels, Map<String, String> routeLabels)
      implements TapSubject {
    @Override
    public ProxyDirection direction() {
      return ProxyDirection.OUTBOUND;
    }

    @Override
    public InetSocketAddress source() {
      return new InetSocketAddress("10.0.0.1", 4444);
    }

    @Override
    public InetSocketAddress destination() {
      return new InetSocketAddress("10.0.0.2", 8080);
    }

    @Override
    public Map<String, String> sourceLabels() {
      return Map.of("tls", "loopback");
    }
  }

  private static final Subject SUBJECT = new Subject(Map.of("pod", "a"), Map.of());

  private static Tap tap(long limit) {
    return new Tap(0, limit, ALL, false, Ticker.newMockTicker(), () -> {});
  }

  @Test
  void open_limitReached_takesNoMore() {
    Tap tap = tap(2);
    assertThat(tap.open(SUBJECT, HEAD)).isNotNull();
    assertThat(tap.open(SUBJECT, HEAD)).isNotNull();
    assertThat(tap.open(SUBJECT, HEAD)).isNull();
  }

  @Test
  void open_queueFull_requestIsNotReportedAtAll() {
    Tap tap = tap(Tap.MAX_EVENTS + 10);
    for (int i = 0; i < Tap.MAX_EVENTS; i++) {
      assertThat(tap.open(SUBJECT, HEAD)).isNotNull();
    }
    assertThat(tap.open(SUBJECT, HEAD)).isNull();
    assertThat(tap.dropped()).isEqualTo(1);
  }

  @Test
  void isComplete_onlyWhenTakenRequestsEnded() {
    Tap tap = tap(1);
    Taps taps = new Taps();
    taps.add(tap);
    TapStream stream = taps.open(SUBJECT, HEAD);
    tap.poll();
    assertThat(tap.isComplete()).isFalse();
    stream.response(ResponseHead.of(200));
    stream.end("0", null);
    stream.end(null, null);
    tap.poll();
    assertThat(tap.poll().getHttp().getResponseEnd().getEos().getGrpcStatusCode()).isZero();
    assertThat(tap.isComplete()).isTrue();
  }

  @Test
  void match_labelsAndNot_areEvaluated() {
    Match label =
        Match.newBuilder()
            .setDestinationLabel(Match.Label.newBuilder().setKey("pod").setValue("a"))
            .build();
    assertThat(TapMatch.of(label).matches(SUBJECT, HEAD)).isTrue();
    assertThat(TapMatch.of(Match.newBuilder().setNot(label).build()).matches(SUBJECT, HEAD))
        .isFalse();
  }

  @Test
  void match_emptyAnyAndPorts_areEvaluated() {
    assertThat(
            TapMatch.of(Match.newBuilder().setAny(Match.Seq.getDefaultInstance()).build())
                .matches(SUBJECT, HEAD))
        .isFalse();
    Match port =
        Match.newBuilder()
            .setDestination(
                Match.Tcp.newBuilder().setPorts(Match.Tcp.PortRange.newBuilder().setMin(8080)))
            .build();
    assertThat(TapMatch.of(port).matches(SUBJECT, HEAD)).isTrue();
  }
}

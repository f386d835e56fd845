package dev.weft.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.forward.Answers;
import dev.weft.proxy.forward.FakeClientConnection;
import dev.weft.proxy.forward.FakeServerExchange;
import dev.weft.proxy.forward.Forward;
import dev.weft.proxy.forward.ForwardListener;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.http.ResponseHead;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class Http1PoolTest {
  private static final long IDLE_SECONDS = 3;

  private final MockTicker ticker = Ticker.newMockTicker();
  private final EmbeddedChannel clock = EmbeddedChannel.builder().ticker(ticker).build();
  private final FakeConnector connector = new FakeConnector();
  private final Http1Pool pool = pool(2);

  private Http1Pool pool(int maxIdle) {
    return new Http1Pool(
        clock.eventLoop(),
        ticker,
        connector,
        connector,
        new Http1Pool.Limits(maxIdle, TimeUnit.SECONDS.toNanos(IDLE_SECONDS)));
  }

  @AfterEach
  void close() {
    connector.close();
    clock.finishAndReleaseAll();
  }

  @Test
  void idleConnection_servesTheNextRequestForItsAuthorityOnly() {
    pool.send(request("a"));
    FakeClientConnection first = connector.succeed();
    answer(first);
    assertThat(pool.idleCount()).isEqualTo(1);
    pool.send(request("a"));
    assertThat(first.opened).hasSize(2);
    answer(first);
    pool.send(request("b"));
    assertThat(first.opened).hasSize(2);
    assertThat(connector.attempts).hasSize(1);
  }

  @Test
  void idleConnection_isClosedAfterTheIdleTime() {
    pool.send(request("a"));
    FakeClientConnection connection = connector.succeed();
    answer(connection);
    pass(IDLE_SECONDS * 1000 - 1);
    assertThat(connection.closed).isFalse();
    pass(1000);
    assertThat(connection.closed).isTrue();
    assertThat(pool.idleCount()).isZero();
  }

  @Test
  void tooManyIdleConnections_closeTheOldest() {
    for (String host : new String[] {"a", "b", "c"}) {
      pool.send(request(host));
      answer(connector.succeed());
    }
    assertThat(pool.idleCount()).isEqualTo(2);
    assertThat(connector.connections.getFirst().closed).isTrue();
    assertThat(connector.connections.getLast().closed).isFalse();
  }

  @Test
  void connectionClosedByItsPeer_isForgotten() {
    pool.send(request("a"));
    FakeClientConnection connection = connector.succeed();
    answer(connection);
    connection.listener.onClosed(connection, Reset.CONNECTION_CLOSED);
    assertThat(pool.idleCount()).isZero();
    pool.send(request("a"));
    assertThat(connector.attempts).hasSize(1);
  }

  @Test
  void requestWithoutHostOrOfHttp10OrUpgrade_hasItsOwnConnection() {
    RequestHead old = RequestHead.of(HttpVersion.HTTP_1_0, "GET", "/");
    old.headers.add(HeaderNames.HOST, AsciiString.of("a"));
    RequestHead nameless = RequestHead.of(HttpVersion.HTTP_1_1, "GET", "/");
    RequestHead upgrade = RequestHead.of(HttpVersion.HTTP_1_1, "GET", "/");
    upgrade.headers.add(HeaderNames.HOST, AsciiString.of("a"));
    upgrade.upgrade = true;
    for (RequestHead head : new RequestHead[] {old, nameless, upgrade}) {
      pool.send(forward(head, new FakeServerExchange()));
      FakeClientConnection connection = connector.succeed();
      assertThat(connection.opened).hasSize(1);
      assertThat(connection.drained).isTrue();
      answer(connection);
      assertThat(pool.idleCount()).isZero();
    }
  }

  @Test
  void failedAttempt_refusesItsRequest() {
    FakeServerExchange server = new FakeServerExchange();
    RequestHead head = RequestHead.of(HttpVersion.HTTP_1_1, "GET", "/");
    pool.send(forward(head, server));
    connector.fail();
    assertThat(server.response.status).isEqualTo(502);
  }

  @Test
  void requestGivenUpWhileConnecting_leavesAnIdleConnection() {
    Forward request = request("a");
    pool.send(request);
    request.onReset(Reset.CANCEL);
    FakeClientConnection connection = connector.succeed();
    assertThat(connection.opened).isEmpty();
    pool.send(request("a"));
    assertThat(connection.opened).hasSize(1);
  }

  @Test
  void closedPool_drainsWhatIsBusyAndRefuses() {
    pool.send(request("a"));
    FakeClientConnection connection = connector.succeed();
    pool.close();
    assertThat(connection.drained).isTrue();
    FakeServerExchange late = new FakeServerExchange();
    pool.send(forward(RequestHead.of(HttpVersion.HTTP_1_1, "GET", "/"), late));
    assertThat(late.response.status).isEqualTo(503);
  }

  private void answer(FakeClientConnection connection) {
    connection.last().listener.onResponse(ResponseHead.of(204), true);
    connection.last().over = true;
    connection.listener.onIdle(connection);
  }

  private void pass(long millis) {
    long step = 250;
    for (long left = millis; left > 0; left -= step) {
      ticker.advance(Math.min(step, left), TimeUnit.MILLISECONDS);
      clock.runScheduledPendingTasks();
    }
  }

  private static Forward request(String host) {
    RequestHead head = RequestHead.of(HttpVersion.HTTP_1_1, "GET", "/");
    head.headers.add(HeaderNames.HOST, AsciiString.of(host));
    return forward(head, new FakeServerExchange());
  }

  private static Forward forward(RequestHead head, FakeServerExchange server) {
    return new Forward(head, server, false, true, Answers.VERBOSE, ForwardListener.NONE);
  }
}

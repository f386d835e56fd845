package dev.weft.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.forward.Answers;
import dev.weft.proxy.forward.FakeClientConnection;
import dev.weft.proxy.forward.FakeServerExchange;
import dev.weft.proxy.forward.Forward;
import dev.weft.proxy.forward.ForwardListener;
import dev.weft.proxy.http.HttpVersion;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.http.Reset;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class Http2ClientTest {
  private final EmbeddedChannel clock = new EmbeddedChannel();
  private final FakeConnector connector = new FakeConnector();
  private final List<String> events = new ArrayList<>();
  private final Http2Client client =
      new Http2Client(
          clock.eventLoop(),
          connector,
          connector,
          backoff(),
          new Http2Client.Observer() {
            @Override
            public void ready() {
              events.add("ready");
            }

            @Override
            public void unready() {
              events.add("unready");
            }
          });

  private static Backoff backoff() {
    return new Backoff(Duration.ofMillis(100), Duration.ofSeconds(60), 0, new Random(1));
  }

  @BeforeEach
  void freeze() {
    clock.freezeTime();
  }

  @AfterEach
  void close() {
    connector.close();
    clock.finishAndReleaseAll();
  }

  @Test
  void start_connectsOnceAndBecomesReady() {
    client.start();
    client.start();
    assertThat(connector.attempts).hasSize(1);
    FakeClientConnection connection = connector.succeed();
    assertThat(client.isReady()).isTrue();
    client.open(request());
    client.open(request());
    assertThat(connection.opened).hasSize(2);
    assertThat(events).containsExactly("ready");
  }

  @Test
  void failedAttempts_areRepeatedWithGrowingPauses() {
    client.start();
    connector.fail();
    assertThat(connector.attempts).isEmpty();
    pass(100);
    connector.fail();
    pass(199);
    assertThat(connector.attempts).isEmpty();
    pass(1);
    connector.succeed();
    assertThat(events).containsExactly("ready");
  }

  @Test
  void lostConnection_isReplacedAtOnceIfItWasGood() {
    client.start();
    FakeClientConnection connection = connector.succeed();
    connection.listener.onMaxConcurrentExchanges(connection, 100);
    connection.listener.onClosed(connection, Reset.CONNECTION_CLOSED);
    assertThat(connector.attempts).hasSize(1);
    connector.succeed();
    assertThat(events).containsExactly("ready", "unready", "ready");
  }

  @Test
  void connectionThatNeverSpokeHttp2_isReplacedAfterAPause() {
    client.start();
    FakeClientConnection connection = connector.succeed();
    connection.listener.onClosed(connection, Reset.CONNECTION_CLOSED);
    assertThat(connector.attempts).isEmpty();
    pass(100);
    assertThat(connector.attempts).hasSize(1);
  }

  @Test
  void drainingConnection_isReplacedAndClosedWithTheClient() {
    client.start();
    FakeClientConnection old = connector.succeed();
    old.listener.onMaxConcurrentExchanges(old, 100);
    old.listener.onDraining(old);
    FakeClientConnection next = connector.succeed();
    client.open(request());
    assertThat(next.opened).hasSize(1);
    assertThat(old.opened).isEmpty();
    client.close();
    assertThat(old.drained).isTrue();
    assertThat(next.drained).isTrue();
    old.listener.onClosed(old, Reset.CONNECTION_CLOSED);
    next.listener.onClosed(next, Reset.CONNECTION_CLOSED);
    assertThat(connector.attempts).isEmpty();
  }

  @Test
  void queuedClient_holdsRequestsUntilItIsConnected() {
    QueuedHttp2Client queued =
        new QueuedHttp2Client(
            clock.eventLoop(), connector, connector, backoff(), 1, TimeUnit.SECONDS.toNanos(1));
    FakeServerExchange second = new FakeServerExchange();
    queued.send(request());
    queued.send(request(second));
    assertThat(second.response.status).isEqualTo(503);
    FakeClientConnection connection = connector.succeed();
    assertThat(connection.opened).hasSize(1);
    queued.close();
  }

  @Test
  void queuedClient_failsFastWhenNothingConnects() {
    QueuedHttp2Client queued =
        new QueuedHttp2Client(
            clock.eventLoop(), connector, connector, backoff(), 10, TimeUnit.SECONDS.toNanos(1));
    FakeServerExchange server = new FakeServerExchange();
    queued.send(request(server));
    pass(1000);
    assertThat(server.response.status).isEqualTo(504);
    queued.close();
  }

  private void pass(long millis) {
    clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    clock.runScheduledPendingTasks();
  }

  private static Forward request() {
    return request(new FakeServerExchange());
  }

  private static Forward request(FakeServerExchange server) {
    RequestHead head = RequestHead.of(HttpVersion.HTTP_2, "GET", "/");
    return new Forward(head, server, false, true, Answers.VERBOSE, ForwardListener.NONE);
  }
}

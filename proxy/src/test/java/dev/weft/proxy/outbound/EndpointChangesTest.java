package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.control.EndpointSet;
import dev.weft.proxy.control.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Endpoints come, go and restart under load, and no request fails. */
@Timeout(60)
final class EndpointChangesTest {
  private static final int CLIENTS = 8;
  private static final String KEY = Harness.API + ":" + Harness.PORT;

  private final Harness harness = new Harness(2);
  private final TestApp first = new TestApp("one");
  private final TestApp second = new TestApp("two");

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  @Test
  void meshedEndpoints_addedAndRemoved_failNothing() throws Exception {
    Endpoint one = Harness.endpoint(harness.meshed("127.0.1.2", first));
    Endpoint two = Harness.endpoint(harness.meshed("127.0.1.3", second));
    changes(one, two);
  }

  @Test
  void plainEndpoints_addedAndRemoved_failNothing() throws Exception {
    Endpoint one = Endpoint.plain(harness.plain(first, MeshPeer.Plain.HTTP_1).address());
    Endpoint two = Endpoint.plain(harness.plain(second, MeshPeer.Plain.HTTP_1).address());
    changes(one, two);
  }

  private void changes(Endpoint one, Endpoint two) throws Exception {
    harness.service(one);
    try (Load load = new Load()) {
      load.reaches(200);
      harness.endpoints.set(KEY, Harness.set(one, two));
      await().atMost(Duration.ofSeconds(10)).until(() -> second.count.get() > 100);
      harness.endpoints.set(KEY, Harness.set(two));
      await().pollDelay(Duration.ofMillis(200)).until(() -> true);
      int afterRemoval = first.count.get();
      load.more(200);
      assertThat(first.count.get()).isEqualTo(afterRemoval);
      harness.endpoints.set(KEY, Harness.set(one, two));
      await().atMost(Duration.ofSeconds(10)).until(() -> first.count.get() > afterRemoval + 100);
      assertThat(load.failures).isEmpty();
    }
  }

  @Test
  void goodbyeOfAnEndpoint_failsNothing() throws Exception {
    MeshPeer peer = harness.meshed("127.0.1.2", first);
    MeshPeer other = harness.meshed("127.0.1.3", second);
    harness.service(Harness.endpoint(peer), Harness.endpoint(other));
    try (Load load = new Load()) {
      for (int round = 0; round < 5; round++) {
        load.more(200);
        peer.drain();
        load.more(100);
        other.drain();
      }
      assertThat(load.failures).isEmpty();
    }
  }

  @Test
  void silenceOfTheControlPlane_changesNothing() throws Exception {
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", first)));
    try (Load load = new Load()) {
      load.reaches(100);
      Target target = new Target.Name(Harness.API, Harness.PORT);
      harness.policies.lose(target);
      harness.profiles.lose(target);
      harness.endpoints.lose(KEY);
      load.more(200);
      harness.policies.set(target, Harness.policy());
      harness.endpoints.set(
          KEY, Harness.set(Harness.endpoint(harness.meshed("127.0.1.3", second))));
      await().atMost(Duration.ofSeconds(10)).until(() -> second.count.get() > 100);
      assertThat(load.failures).isEmpty();
    }
  }

  @Test
  void changedPolicy_isFollowedByOpenConnections() throws Exception {
    harness.service(Harness.endpoint(harness.meshed("127.0.1.2", first)));
    try (RawClient client = new RawClient(harness.address())) {
      client.send("CONNECT api:8080 HTTP/1.1\r\nHost: api\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(200);
      client.send("GET / HTTP/1.1\r\nHost: api\r\n\r\n");
      assertThat(client.response().status()).isEqualTo(200);
      OutboundPolicy none = Harness.policy(new dev.weft.policy.outbound.OutboundHttpRoute.Rule[0]);
      harness.policies.set(new Target.Name(Harness.API, Harness.PORT), none);
      await()
          .atMost(Duration.ofSeconds(5))
          .until(
              () -> {
                client.send("GET / HTTP/1.1\r\nHost: api\r\n\r\n");
                return client.response().status() == 404;
              });
    }
  }

  @Test
  void endpointsGone_afterReconnect_failFast() throws Exception {
    Harness quick = new Harness("LINKERD2_PROXY_OUTBOUND_HTTP_FAILFAST_TIMEOUT", "200ms");
    try (quick) {
      quick.service(Harness.endpoint(quick.meshed("127.0.1.2", first)));
      try (RawClient client = new RawClient(quick.address())) {
        client.send("GET http://api:8080/ HTTP/1.1\r\nHost: api\r\n\r\n");
        assertThat(client.response().status()).isEqualTo(200);
        quick.endpoints.set(KEY, EndpointSet.EMPTY);
        await()
            .atMost(Duration.ofSeconds(5))
            .until(
                () -> {
                  try (RawClient again = new RawClient(quick.address())) {
                    again.send("GET http://api:8080/ HTTP/1.1\r\nHost: api\r\n\r\n");
                    return again.response().status() == 504;
                  }
                });
      }
    }
  }

  /** Clients which ask again and again, each on its own connection. */
  private final class Load implements AutoCloseable {
    final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger done = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Load() {
      for (int i = 0; i < CLIENTS; i++) {
        boolean posts = i % 2 == 0;
        threads.add(Thread.ofVirtual().start(() -> run(posts)));
      }
    }

    private void run(boolean posts) {
      String request =
          posts
              ? "POST http://api:8080/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
              : "GET http://api:8080/ HTTP/1.1\r\nHost: x\r\n\r\n";
      try (RawClient client = new RawClient(harness.address())) {
        while (!stopped) {
          client.send(request);
          RawClient.Response response = client.response();
          if (response.status() != 200) {
            failures.add(response.toString());
          }
          done.incrementAndGet();
        }
      } catch (Exception e) {
        failures.add(e.toString());
      }
    }

    void reaches(int requests) {
      await().atMost(Duration.ofSeconds(20)).until(() -> done.get() >= requests);
    }

    void more(int requests) {
      reaches(done.get() + requests);
    }

    @Override
    public void close() throws Exception {
      stopped = true;
      for (Thread thread : threads) {
        thread.join(Duration.ofSeconds(10));
      }
    }
  }
}

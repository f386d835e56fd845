package dev.weft.kit.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class WatchStreamTest {
  private final WatchStreams streams = new WatchStreams("test", Runnable::run);

  /** One message of a map protocol: entries to put, keys to drop. */
  record Change(Map<Integer, Integer> put, List<Integer> drop) {}

  /** Sends the difference between the last map and the newest. */
  static final class MapCursor implements Cursor<Map<Integer, Integer>, Change> {
    private Map<Integer, Integer> sent = Map.of();

    @Override
    public List<Change> advance(Map<Integer, Integer> newest) {
      Map<Integer, Integer> put = new TreeMap<>(newest);
      sent.forEach((key, value) -> put.remove(key, value));
      List<Integer> drop = sent.keySet().stream().filter(k -> !newest.containsKey(k)).toList();
      sent = newest;
      return put.isEmpty() && drop.isEmpty() ? List.of() : List.of(new Change(put, drop));
    }
  }

  static Map<Integer, Integer> fold(List<Change> changes) {
    Map<Integer, Integer> state = new HashMap<>();
    for (Change change : changes) {
      state.putAll(change.put());
      change.drop().forEach(state::remove);
    }
    return state;
  }

  /** What a test does to a stream; sealed so that each history reads as data. */
  sealed interface Act {
    record Publish(Map<Integer, Integer> value) implements Act {}

    record Drain(int room) implements Act {}

    record Refresh() implements Act {}
  }

  @Provide
  Arbitrary<List<Act>> histories() {
    Arbitrary<Map<Integer, Integer>> maps =
        Arbitraries.maps(Arbitraries.integers().between(0, 5), Arbitraries.integers().between(0, 2))
            .ofMaxSize(5);
    Arbitrary<Act> publish = maps.map(Act.Publish::new);
    Arbitrary<Act> drain = Arbitraries.integers().between(0, 3).map(Act.Drain::new);
    Arbitrary<Act> refresh = Arbitraries.just(new Act.Refresh());
    return Arbitraries.frequencyOf(Tuple.of(6, publish), Tuple.of(3, drain), Tuple.of(1, refresh))
        .list()
        .ofMaxSize(40);
  }

  @Property
  void stream_anyHistoryAndReadiness_foldsToNewest(@ForAll("histories") List<Act> history) {
    Published<Map<Integer, Integer>> published = new Published<>(Map.of(0, 0));
    FakeCall<Change> call = new FakeCall<>(1);
    WatchStream<Change> stream = streams.open(call);
    stream.attach(published, new MapCursor());

    int publications = 1;
    for (Act act : history) {
      switch (act) {
        case Act.Publish(var value) -> publications += published.publish(Map.copyOf(value)) ? 1 : 0;
        case Act.Drain(int room) -> call.drainTransport(room);
        case Act.Refresh() -> stream.refresh();
      }
    }
    call.drainTransport(1);

    assertThat(fold(call.received)).isEqualTo(published.current().orElseThrow().value());
    assertThat(published.generation()).isEqualTo(publications);
    assertThat(call.received).hasSizeLessThanOrEqualTo(publications);
  }

  @Test
  void stream_publisherAndTransportRace_foldsToNewest() {
    try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
      WatchStreams raced = new WatchStreams("raced", pool);
      Published<Map<Integer, Integer>> published = new Published<>(Map.of());
      FakeCall<Change> call = new FakeCall<>(1);
      raced.open(call).attach(published, new MapCursor());

      Thread transport =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                      call.drainTransport(1);
                      Thread.yield();
                    }
                  });
      Map<Integer, Integer> value = new HashMap<>();
      for (int i = 0; i < 20_000; i++) {
        value.put(i % 17, i);
        published.publish(Map.copyOf(value));
      }

      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(fold(call.receivedSoFar())).isEqualTo(value));
      transport.interrupt();
    }
  }

  @Test
  void stream_slow_coalescesToNewestAndCountsWhatItSkipped() {
    Published<String> published = new Published<>("a");
    FakeCall<String> call = new FakeCall<>(1);
    streams.open(call).attach(published, Cursor.latest(text -> text));

    published.publish("b");
    published.publish("c");
    published.publish("d");
    call.drainTransport(1);

    assertThat(call.received).containsExactly("a", "d");
    assertThat(streams.coalesced()).isEqualTo(2);
    assertThat(streams.messages()).isEqualTo(2);
  }

  @Test
  void published_equalValue_isSuppressed() {
    Published<String> published = new Published<>("a");
    AtomicInteger signals = new AtomicInteger();
    Published.Subscription subscription = published.subscribe(signals::incrementAndGet);

    assertThat(published.publish("a")).isFalse();
    assertThat(published.publish("b")).isTrue();
    assertThat(signals).hasValue(1);
    assertThat(published.generation()).isEqualTo(2);

    subscription.close();
    subscription.close();
    published.publish("c");
    assertThat(signals).hasValue(1);
  }

  @Test
  void latest_newValueWithEqualMessage_isNotResent() {
    Published<Integer> published = new Published<>(10);
    FakeCall<Integer> call = new FakeCall<>(Integer.MAX_VALUE);
    streams.open(call).attach(published, Cursor.latest(n -> n / 10));

    published.publish(11);
    published.publish(20);

    assertThat(call.received).containsExactly(1, 2);
  }

  @Test
  void stream_withoutValueYet_waitsForTheFirst() {
    Published<String> published = new Published<>();
    FakeCall<String> call = new FakeCall<>(5);
    streams.open(call).attach(published, Cursor.latest(text -> text));
    assertThat(call.received).isEmpty();

    published.publish("a");

    assertThat(call.received).containsExactly("a");
  }

  @Test
  void stream_cancelledByClient_unsubscribes() {
    Published<String> published = new Published<>("a");
    FakeCall<String> call = new FakeCall<>(5);
    streams.open(call).attach(published, Cursor.latest(text -> text));
    assertThat(published.subscribers()).isOne();

    call.cancelByClient();
    published.publish("b");

    assertThat(published.subscribers()).isZero();
    assertThat(streams.size()).isZero();
    assertThat(call.received).containsExactly("a");
  }

  @Test
  void stream_attachedAfterCancel_leavesNoSubscription() {
    Published<String> published = new Published<>("a");
    FakeCall<String> call = new FakeCall<>(5);
    WatchStream<String> stream = streams.open(call);
    call.cancelByClient();

    stream.attach(published, Cursor.latest(text -> text));

    assertThat(published.subscribers()).isZero();
    assertThat(call.received).isEmpty();
  }

  @Test
  void stream_endedWithError_sendsTheStatusOnce() {
    FakeCall<String> call = new FakeCall<>(5);
    WatchStream<String> stream = streams.open(call);

    stream.end(Status.NOT_FOUND.withDescription("no such service"));
    stream.end(Status.OK);

    assertThat(call.ended).isNotNull();
    assertThat(call.ended.getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(call.ended.getDescription()).isEqualTo("no such service");
    assertThat(streams.size()).isZero();
  }

  @Test
  void streams_endAll_endsOpenAndLaterStreamsWithOk() {
    FakeCall<String> early = new FakeCall<>(0);
    streams.open(early).attach(new Published<>("a"), Cursor.latest(text -> text));

    streams.endAll();
    FakeCall<String> late = new FakeCall<>(1);
    streams.open(late);

    assertThat(early.ended).isEqualTo(Status.OK);
    assertThat(late.ended).isEqualTo(Status.OK);
  }

  @Test
  void stream_cursorThrows_endsWithInternal() {
    FakeCall<String> call = new FakeCall<>(1);
    Cursor<String, String> broken =
        _ -> {
          throw new IllegalStateException("fault");
        };

    streams.open(call).attach(new Published<>("a"), broken);

    assertThat(call.ended).isNotNull();
    assertThat(call.ended.getCode()).isEqualTo(Status.Code.INTERNAL);
  }

  @Test
  void refresh_cursorDependsOnSomethingElse_looksAgain() {
    List<String> suffix = new ArrayList<>(List.of("1"));
    FakeCall<String> call = new FakeCall<>(5);
    WatchStream<String> stream = streams.open(call);
    stream.attach(new Published<>("a"), Cursor.latest(text -> text + suffix.getFirst()));

    suffix.set(0, "2");
    stream.refresh();

    assertThat(call.received).containsExactly("a1", "a2");
  }

  @Test
  void metrics_streamsAndMessages_areExported() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    streams.bindTo(registry);
    streams.open(new FakeCall<String>(1)).attach(new Published<>("a"), Cursor.latest(t -> t));

    assertThat(registry.get("weft_watch_streams").tag("api", "test").gauge().value()).isEqualTo(1);
    assertThat(registry.get("weft_watch_messages").functionCounter().count()).isEqualTo(1);
  }
}

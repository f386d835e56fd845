package dev.weft.cli.diagnostics;

import dev.weft.api.destination.DestinationGrpc;
import dev.weft.api.destination.GetDestination;
import dev.weft.api.destination.Update;
import dev.weft.api.destination.WeightedAddr;
import dev.weft.api.net.TcpAddress;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Collects the endpoints of an authority for a while. */
final class EndpointCollector {
  /** How long at most. */
  static final Duration LIMIT = Duration.ofSeconds(5);

  /** How long nothing may change before the answer counts as whole. */
  static final Duration QUIET = Duration.ofMillis(500);

  private sealed interface Event {
    record Said(Update update) implements Event {}

    record Failed(Status status) implements Event {}

    record Ended() implements Event {}
  }

  private EndpointCollector() {}

  /**
   * The endpoints of an authority.
   *
   * @throws StatusRuntimeException if the control plane refuses
   */
  static List<Endpoint> collect(Channel channel, String authority, String token) {
    BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    Observer observer = new Observer(events);
    DestinationGrpc.newStub(channel)
        .get(
            GetDestination.newBuilder()
                .setScheme("http:")
                .setPath(authority)
                .setContextToken(token)
                .build(),
            observer);
    Map<TcpAddress, Endpoint> endpoints = new LinkedHashMap<>();
    try {
      long end = System.nanoTime() + LIMIT.toNanos();
      boolean answered = false;
      while (true) {
        long left = end - System.nanoTime();
        Event event =
            events.poll(answered ? Math.min(left, QUIET.toNanos()) : left, TimeUnit.NANOSECONDS);
        switch (event) {
          case Event.Said said -> {
            answered = true;
            apply(said.update(), endpoints);
          }
          case Event.Failed failed -> throw failed.status().asRuntimeException();
          case Event.Ended _ -> {
            return List.copyOf(endpoints.values());
          }
          case null -> {
            return List.copyOf(endpoints.values());
          }
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.asRuntimeException();
    } finally {
      observer.cancel();
    }
  }

  private static void apply(Update update, Map<TcpAddress, Endpoint> endpoints) {
    switch (update.getUpdateCase()) {
      case ADD -> {
        for (WeightedAddr weighted : update.getAdd().getAddrsList()) {
          endpoints.put(
              weighted.getAddr(),
              new Endpoint(weighted.getAddr(), weighted, update.getAdd().getMetricLabelsMap()));
        }
      }
      case REMOVE -> update.getRemove().getAddrsList().forEach(endpoints::remove);
      case NO_ENDPOINTS -> endpoints.clear();
      case UPDATE_NOT_SET -> {}
    }
  }

  private static final class Observer implements ClientResponseObserver<GetDestination, Update> {
    private final BlockingQueue<Event> events;
    private volatile @Nullable ClientCallStreamObserver<GetDestination> call;

    Observer(BlockingQueue<Event> events) {
      this.events = events;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<GetDestination> stream) {
      call = stream;
    }

    @Override
    public void onNext(Update update) {
      events.add(new Event.Said(update));
    }

    @Override
    public void onError(Throwable error) {
      events.add(new Event.Failed(Status.fromThrowable(error)));
    }

    @Override
    public void onCompleted() {
      events.add(new Event.Ended());
    }

    void cancel() {
      ClientCallStreamObserver<GetDestination> running = call;
      if (running != null) {
        running.cancel("enough was seen", null);
      }
    }
  }
}

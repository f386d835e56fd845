package dev.weft.destination.serve;

import dev.weft.api.destination.DestinationProfile;
import dev.weft.api.destination.Update;
import dev.weft.destination.index.DiscoveryIndex;
import dev.weft.destination.index.DiscoverySettings;
import dev.weft.destination.index.EndpointSet;
import dev.weft.destination.index.Profile;
import dev.weft.destination.index.Watched;
import dev.weft.destination.lookup.ClientContext;
import dev.weft.destination.lookup.Lookup;
import dev.weft.kit.watch.Cursor;
import dev.weft.kit.watch.SerialLoop;
import dev.weft.kit.watch.WatchStream;
import dev.weft.kit.watch.WatchStreams;
import dev.weft.resources.ResourceChange;
import dev.weft.resources.ResourceListener;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * The index on its loop: changes of objects come in on one side, watch streams are attached on the
 * other. No caller waits, but the source when the loop is behind.
 *
 * <p>Threads: any.
 */
final class Discovery implements ResourceListener, AutoCloseable {
  private final SerialLoop loop = new SerialLoop("weft-destination-index");
  private final DiscoveryIndex index;
  private final EndpointMessages endpointMessages;
  private final ProfileMessages profileMessages;
  private final WatchStreams endpointStreams;
  private final Runnable onSynced;

  /**
   * @param endpointStreams the streams of endpoints, which look again when zones change
   * @param onSynced called on the loop, once, when all objects have been seen
   */
  Discovery(
      DiscoverySettings settings,
      EndpointMessages messages,
      WatchStreams endpointStreams,
      Runnable onSynced) {
    this.index = new DiscoveryIndex(settings);
    this.endpointMessages = messages;
    this.profileMessages = new ProfileMessages(messages);
    this.endpointStreams = endpointStreams;
    this.onSynced = onSynced;
  }

  @Override
  public void onChange(List<ResourceChange> batch) {
    put(
        () -> {
          if (index.apply(batch)) {
            endpointStreams.refreshAll();
          }
        });
  }

  @Override
  public void onSynced() {
    put(onSynced);
  }

  private void put(Runnable task) {
    try {
      loop.put(task);
    } catch (InterruptedException _) {
      // The source is being closed.
      Thread.currentThread().interrupt();
    }
  }

  /** Sends the endpoints of a lookup, now and whenever they change. */
  void endpoints(Lookup lookup, ClientContext client, WatchStream<Update> stream) {
    String instance = lookup instanceof Lookup.OfInstance named ? named.instance() : "";
    Cursor<EndpointSet, Update> cursor =
        new EndpointCursor(endpointMessages, instance, client.nodeName(), index::zones);
    attach(() -> index.watchEndpoints(lookup), cursor, stream);
  }

  /** Sends the profile of a lookup, now and whenever it changes. */
  void profile(Lookup lookup, ClientContext client, WatchStream<DestinationProfile> stream) {
    Cursor<Profile, DestinationProfile> cursor = new ProfileCursor(profileMessages);
    attach(() -> index.watchProfile(lookup, client.namespace()), cursor, stream);
  }

  private <T, M> void attach(
      Supplier<Watched<T>> watch, Cursor<T, M> cursor, WatchStream<M> stream) {
    try {
      loop.execute(
          () -> {
            switch (watch.get()) {
              case Watched.Granted<T> granted -> stream.attach(granted.published(), cursor);
              case Watched.Refused<T> refused -> stream.end(status(refused));
            }
          });
    } catch (RejectedExecutionException e) {
      stream.end(Status.UNAVAILABLE.withDescription(e.getMessage()));
    }
  }

  private static Status status(Watched.Refused<?> refused) {
    Status status =
        switch (refused.reason()) {
          case INVALID -> Status.INVALID_ARGUMENT;
          case NOT_FOUND -> Status.NOT_FOUND;
          case AMBIGUOUS -> Status.FAILED_PRECONDITION;
        };
    return status.withDescription(refused.message());
  }

  /** Forgets answers nobody has watched for a while. */
  void sweep() {
    try {
      loop.execute(() -> index.sweep(System.nanoTime()));
    } catch (RejectedExecutionException _) {
      // Busy or closed; the next sweep will do.
    }
  }

  /** Tasks that wait for the index. */
  int backlog() {
    return loop.backlog();
  }

  @Override
  public void close() {
    loop.close();
  }
}

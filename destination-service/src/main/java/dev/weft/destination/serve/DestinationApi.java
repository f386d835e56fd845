package dev.weft.destination.serve;

import dev.weft.api.destination.DestinationGrpc;
import dev.weft.api.destination.DestinationProfile;
import dev.weft.api.destination.GetDestination;
import dev.weft.api.destination.Update;
import dev.weft.destination.lookup.ClientContext;
import dev.weft.destination.lookup.Lookup;
import dev.weft.destination.lookup.LookupParser;
import dev.weft.kit.watch.WatchStream;
import dev.weft.kit.watch.WatchStreams;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/**
 * The gRPC service {@code io.linkerd.proxy.destination.Destination}: reads requests, opens streams,
 * and leaves the rest to {@link Discovery}.
 */
final class DestinationApi extends DestinationGrpc.DestinationImplBase {
  private static final int MAX_SHOWN_CHARS = 300;

  private final LookupParser parser;
  private final Discovery discovery;
  private final WatchStreams endpointStreams;
  private final WatchStreams profileStreams;

  DestinationApi(
      LookupParser parser,
      Discovery discovery,
      WatchStreams endpointStreams,
      WatchStreams profileStreams) {
    this.parser = parser;
    this.discovery = discovery;
    this.endpointStreams = endpointStreams;
    this.profileStreams = profileStreams;
  }

  @Override
  public void get(GetDestination request, StreamObserver<Update> observer) {
    WatchStream<Update> stream = endpointStreams.open(call(observer));
    Optional<Lookup> lookup = lookup(request, stream);
    lookup.ifPresent(l -> discovery.endpoints(l, client(request), stream));
  }

  @Override
  public void getProfile(GetDestination request, StreamObserver<DestinationProfile> observer) {
    WatchStream<DestinationProfile> stream = profileStreams.open(call(observer));
    Optional<Lookup> lookup = lookup(request, stream);
    lookup.ifPresent(l -> discovery.profile(l, client(request), stream));
  }

  private Optional<Lookup> lookup(GetDestination request, WatchStream<?> stream) {
    Optional<Lookup> lookup = parser.parse(request.getPath());
    if (lookup.isEmpty()) {
      String shown = request.getPath();
      if (shown.length() > MAX_SHOWN_CHARS) {
        shown = shown.substring(0, MAX_SHOWN_CHARS) + "...";
      }
      stream.end(
          Status.INVALID_ARGUMENT.withDescription(
              "'" + shown + "' is neither a Service of this cluster nor an address"));
    }
    return lookup;
  }

  private static ClientContext client(GetDestination request) {
    return ClientContext.parse(request.getContextToken());
  }

  private static <M> ServerCallStreamObserver<M> call(StreamObserver<M> observer) {
    return (ServerCallStreamObserver<M>) observer;
  }
}

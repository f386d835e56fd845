package dev.weft.destination.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** What a client received on one stream, in order. */
final class Received<Q, M> implements ClientResponseObserver<Q, M> {
  private final List<M> messages = new ArrayList<>();
  private volatile @Nullable Status ended;
  private volatile @Nullable ClientCallStreamObserver<Q> call;

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> requestStream) {
    call = requestStream;
  }

  @Override
  public void onNext(M message) {
    synchronized (messages) {
      messages.add(message);
    }
  }

  @Override
  public void onError(Throwable t) {
    ended = Status.fromThrowable(t);
  }

  @Override
  public void onCompleted() {
    ended = Status.OK;
  }

  List<M> soFar() {
    synchronized (messages) {
      return List.copyOf(messages);
    }
  }

  List<M> await(int count) {
    await(received -> assertThat(received).hasSize(count));
    return soFar();
  }

  void await(Consumer<List<M>> assertion) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(() -> assertion.accept(soFar()));
  }

  Status awaitEnd() {
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> ended != null);
    return ended;
  }

  void cancel() {
    ClientCallStreamObserver<Q> open = call;
    if (open != null) {
      open.cancel("test is done", null);
    }
  }
}

package dev.weft.kit.watch;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A call whose transport is opened and shut by the test. It has room for a given number of messages
 * and fails when two threads write at once.
 */
final class FakeCall<M> extends ServerCallStreamObserver<M> {
  final List<M> received = new ArrayList<>();
  private final AtomicInteger writers = new AtomicInteger();
  private Runnable onReady = () -> {};
  private Runnable onCancel = () -> {};
  private volatile int room;
  private volatile boolean cancelled;
  volatile @Nullable Status ended;

  FakeCall(int room) {
    this.room = room;
  }

  /** Gives room for {@code more} messages and tells the stream so, as a transport does. */
  void drainTransport(int more) {
    room = more;
    onReady.run();
  }

  void cancelByClient() {
    cancelled = true;
    onCancel.run();
  }

  @Override
  public void onNext(M message) {
    if (writers.getAndIncrement() != 0) {
      throw new AssertionError("two threads write to one call");
    }
    synchronized (received) {
      received.add(message);
    }
    room--;
    writers.decrementAndGet();
  }

  List<M> receivedSoFar() {
    synchronized (received) {
      return List.copyOf(received);
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

  @Override
  public boolean isReady() {
    return room > 0;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void setOnReadyHandler(Runnable handler) {
    onReady = handler;
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {
    onCancel = handler;
  }

  @Override
  public void setCompression(String compression) {}

  @Override
  public void disableAutoInboundFlowControl() {}

  @Override
  public void request(int count) {}

  @Override
  public void setMessageCompression(boolean enable) {}
}

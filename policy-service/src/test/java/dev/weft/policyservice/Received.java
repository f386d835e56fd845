package dev.weft.policyservice;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The client's side of a stream: messages and the end, in order. */
public final class Received<M> implements StreamObserver<M> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

  @Override
  public void onNext(M message) {
    events.add(message);
  }

  @Override
  public void onError(Throwable error) {
    events.add(Status.fromThrowable(error));
  }

  @Override
  public void onCompleted() {
    events.add(Status.OK);
  }

  /** The next message; fails where the stream ends instead or nothing comes. */
  @SuppressWarnings("unchecked")
  public M next() throws InterruptedException {
    Object event = poll();
    if (event instanceof Status status) {
      throw new AssertionError("stream ended: " + status);
    }
    return (M) event;
  }

  /** How the stream ended; fails where a message comes instead or nothing does. */
  public Status end() throws InterruptedException {
    Object event = poll();
    if (event instanceof Status status) {
      return status;
    }
    throw new AssertionError("message instead of an end: " + event);
  }

  /** Whether anything is there that was not taken. */
  public boolean isQuiet() {
    return events.isEmpty();
  }

  private Object poll() throws InterruptedException {
    Object event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (event == null) {
      throw new AssertionError("nothing came within " + PATIENCE);
    }
    return event;
  }
}

package dev.weft.policyservice.grpc;

import dev.weft.kit.watch.Cursor;
import dev.weft.kit.watch.Published;
import dev.weft.kit.watch.WatchStream;
import dev.weft.policyservice.index.Answer;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** How answers of the index become responses. */
final class Answers {
  private Answers() {}

  /** The cursor of a stream: the newest message, and the normal end when there will be none. */
  private static <P, M> Cursor<Answer<P, M>, M> cursor(WatchStream<M> stream) {
    Cursor<Answer.Live<P, M>, M> latest = Cursor.latest(Answer.Live::message);
    return newest ->
        switch (newest) {
          case Answer.Live<P, M> live -> latest.advance(live);
          case Answer.Gone<P, M> _ -> {
            stream.end(Status.OK);
            yield List.of();
          }
        };
  }

  /**
   * Answers a call that wants the present value only.
   *
   * @param question read from the request, which an {@link IllegalArgumentException} refuses
   */
  static <P, M> void once(Supplier<? extends Question<P, M>> question, StreamObserver<M> call) {
    try {
      Question<P, M> asked = question.get();
      asked.ask(found -> once(found, asked.notFound(), call));
    } catch (IllegalArgumentException e) {
      call.onError(invalid(e).asRuntimeException());
    } catch (RejectedExecutionException e) {
      call.onError(busy(e).asRuntimeException());
    }
  }

  /** Answers a call that wants every value from now on; else as {@link #once}. */
  static <P, M> void watch(Supplier<? extends Question<P, M>> question, WatchStream<M> stream) {
    try {
      Question<P, M> asked = question.get();
      asked.ask(
          found ->
              found.ifPresentOrElse(
                  published -> stream.attach(published, cursor(stream)),
                  () -> stream.end(asked.notFound())));
    } catch (IllegalArgumentException e) {
      stream.end(invalid(e));
    } catch (RejectedExecutionException e) {
      stream.end(busy(e));
    }
  }

  private static <P, M> void once(
      Optional<Published<Answer<P, M>>> found, Status notFound, StreamObserver<M> call) {
    Optional<Answer<P, M>> current =
        found.flatMap(Published::current).map(Published.Version::value);
    if (current.isPresent() && current.get() instanceof Answer.Live<P, M> live) {
      call.onNext(live.message());
      call.onCompleted();
    } else {
      call.onError(notFound.asRuntimeException());
    }
  }

  /** What a client is told whose request the index could not take. */
  private static Status busy(RejectedExecutionException cause) {
    return Status.UNAVAILABLE.withDescription(
        "policy index takes no request; cause: " + cause.getMessage() + "; fix: try again later");
  }

  private static Status invalid(IllegalArgumentException cause) {
    return Status.INVALID_ARGUMENT.withDescription(cause.getMessage());
  }
}

package dev.weft.kit.watch;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one subscriber was last sent, and therefore what it still needs.
 *
 * <p>Threads: the calls are serialized by the stream which owns the cursor, so an implementation
 * keeps its state in plain fields.
 *
 * @param <T> the published value
 * @param <M> the message on the wire
 */
@FunctionalInterface
public interface Cursor<T, M> {
  /**
   * The messages, in order, which take the subscriber from what it was last sent to {@code newest};
   * none when it lacks nothing. The caller sends them all, so the cursor moves to {@code newest}.
   */
  List<M> advance(T newest);

  /** A cursor for streams of whole values: the newest one, unless its message equals the last. */
  static <T, M> Cursor<T, M> latest(Function<? super T, ? extends M> translate) {
    return new Cursor<>() {
      private @Nullable M last;

      @Override
      public List<M> advance(T newest) {
        M message = translate.apply(newest);
        if (message.equals(last)) {
          return List.of();
        }
        last = message;
        return List.of(message);
      }
    };
  }
}

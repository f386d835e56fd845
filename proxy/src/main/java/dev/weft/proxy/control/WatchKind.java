package dev.weft.proxy.control;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One kind of question to the control plane.
 *
 * @param name for logs and metrics
 * @param method the server-streaming call
 * @param request the question for a key
 * @param eligible whether a key may be asked for at all; others are answered as if the control
 *     plane had refused them
 * @param initial what holds until the first answer, null for nothing. A kind that has such a value
 *     never ends: a final refusal leaves the value as it is
 * @param absent what holds instead of nothing while the control plane says NOT_FOUND, which it is
 *     asked again about; null for nothing
 * @param fold how messages of a new stream become values, given the value before it
 * @param finalCodes statuses after which the key is not asked for again
 * @param reconnectsAtOnce whether an established stream that ends is reopened without pause
 * @param <K> what is asked for
 * @param <R> the request
 * @param <M> the message
 * @param <T> the value
 */
record WatchKind<K, R, M, T>(
    String name,
    MethodDescriptor<R, M> method,
    Function<K, R> request,
    Predicate<K> eligible,
    Function<K, @Nullable T> initial,
    @Nullable T absent,
    Function<@Nullable T, Fold<M, T>> fold,
    Set<Status.Code> finalCodes,
    boolean reconnectsAtOnce) {

  WatchKind {
    finalCodes = Set.copyOf(finalCodes);
  }

  /** Turns the messages of one stream into values. Used by one thread. */
  @FunctionalInterface
  interface Fold<M, T> {
    /** The value after a message, null if the message changes nothing. */
    @Nullable T apply(M message);
  }
}

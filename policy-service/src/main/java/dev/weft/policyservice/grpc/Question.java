package dev.weft.policyservice.grpc;

import dev.weft.kit.watch.Published;
import dev.weft.policyservice.index.Answer;
import io.grpc.Status;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a request wants to know of the index.
 *
 * @param <P> the policy
 * @param <M> the message it is told by
 */
interface Question<P, M> {
  /**
   * Asks; the answer comes on the index's thread, empty if there is none.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the index takes no request now
   */
  void ask(Consumer<Optional<Published<Answer<P, M>>>> answer);

  /** What the client is told if there is no answer. */
  Status notFound();
}

package dev.weft.policyservice.index;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is published for a key: a policy, or that there will be none any more.
 *
 * @param <P> the policy
 * @param <M> its message
 */
public sealed interface Answer<P, M> {
  /**
   * A policy. Equal when its policy is; the message is made when first asked for, then shared by
   * all streams.
   */
  final class Live<P, M> implements Answer<P, M> {
    private final P policy;
    private final Function<? super P, ? extends M> encoder;
    // Written by whoever comes first; two threads at worst make two equal messages.
    private volatile @Nullable M message;

    Live(P policy, Function<? super P, ? extends M> encoder) {
      this.policy = policy;
      this.encoder = encoder;
    }

    /** The policy. */
    public P policy() {
      return policy;
    }

    /** The policy on the wire. */
    public M message() {
      M made = message;
      if (made == null) {
        made = encoder.apply(policy);
        message = made;
      }
      return made;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Live<?, ?> live && policy.equals(live.policy);
    }

    @Override
    public int hashCode() {
      return policy.hashCode();
    }

    @Override
    public String toString() {
      return "Live[" + policy + "]";
    }
  }

  /** The object behind the key is gone; streams end. */
  record Gone<P, M>() implements Answer<P, M> {}
}

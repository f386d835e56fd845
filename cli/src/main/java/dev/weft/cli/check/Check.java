package dev.weft.cli.check;

import java.util.EnumSet;
import java.util.Set;

/**
 * One thing that can be right or wrong.
 *
 * @param id the contract's hint anchor, a key of {@link Remedies}
 * @param description what is verified, as a statement which holds if all is well
 * @param traits how a failure is treated
 * @param probe finds out
 */
record Check(String id, String description, Set<Trait> traits, Probe probe) {
  /** How a failure is treated. */
  enum Trait {
    /** Nothing after it can be judged: the run ends. */
    FATAL,
    /** A failure is a warning only. */
    WARNING,
    /** Tried again until the user's patience ends. */
    RETRIED,
    /** While it is tried again, the reason is shown. */
    SURFACED
  }

  /** Finds out whether all is well. */
  @FunctionalInterface
  interface Probe {
    /**
     * Called on a thread of its own and given up after {@link CheckRunner#LIMIT}.
     *
     * @throws dev.weft.cli.kube.ClusterException which counts as failed
     */
    Result find(CheckContext context);
  }

  Check {
    traits = Set.copyOf(traits);
  }

  static Check of(String id, String description, Probe probe) {
    return new Check(id, description, Set.of(), probe);
  }

  Check fatal() {
    return with(Trait.FATAL);
  }

  Check warning() {
    return with(Trait.WARNING);
  }

  Check retried() {
    return with(Trait.RETRIED);
  }

  Check surfaced() {
    return with(Trait.SURFACED);
  }

  boolean is(Trait trait) {
    return traits.contains(trait);
  }

  private Check with(Trait trait) {
    Set<Trait> more = EnumSet.of(trait);
    more.addAll(traits);
    return new Check(id, description, more, probe);
  }
}

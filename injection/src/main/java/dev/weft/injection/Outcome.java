package dev.weft.injection;

import java.util.List;

/** What becomes of a manifest. */
public sealed interface Outcome {
  /** What to change; empty where nothing is. */
  List<PatchOperation> patch();

  /**
   * What was ignored, and how to write it instead; one sentence each, naming annotation and value.
   */
  List<String> warnings();

  /**
   * The pod gets a proxy.
   *
   * @param patch the steps, in the contract's order
   * @param warnings see {@link Outcome#warnings}
   */
  record Patched(List<PatchOperation> patch, List<String> warnings) implements Outcome {
    /** Copies the lists. */
    public Patched {
      patch = List.copyOf(patch);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * The pod gets no proxy.
   *
   * @param reasons why, at least one
   * @param patch the annotation of opaque ports, where it is due all the same
   * @param warnings see {@link Outcome#warnings}
   */
  record Skipped(List<SkipReason> reasons, List<PatchOperation> patch, List<String> warnings)
      implements Outcome {
    /** Copies the lists. */
    public Skipped {
      reasons = List.copyOf(reasons);
      patch = List.copyOf(patch);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * The manifest asks for what cannot be.
   *
   * @param message what is wrong, its cause and how to write it instead
   */
  record Refused(String message) implements Outcome {
    @Override
    public List<PatchOperation> patch() {
      return List.of();
    }

    @Override
    public List<String> warnings() {
      return List.of();
    }
  }
}

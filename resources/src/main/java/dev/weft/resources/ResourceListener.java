package dev.weft.resources;

import java.util.List;

/** Is told of objects. All calls come in order, on one thread of the source, and must not block. */
public interface ResourceListener {
  /**
   * Some objects changed together.
   *
   * @param batch not empty; one atomic change, no object twice
   */
  void onChange(List<ResourceChange> batch);

  /** All objects that were there when the watch began have been reported. Called once. */
  void onSynced();
}

package dev.weft.resources;

import dev.weft.mesh.resource.ResourceKind;
import java.util.Set;

/**
 * Where objects come from: a directory of manifests or a cluster. Its users cannot tell which.
 *
 * <p>Each listener first gets all objects of its kinds, in one batch or several, then {@link
 * ResourceListener#onSynced()} once, then every change. All calls to all listeners come in order
 * and on one thread of the source. Losing the source freezes the last good state: nothing is ever
 * reported deleted because a connection was lost, and an object that became unreadable stays as it
 * last was. {@link #status()} tells of both.
 *
 * <p>Safe for use by many threads.
 */
public interface ResourceSource extends AutoCloseable {
  /**
   * Begins to report objects of these kinds.
   *
   * @param kinds the kinds, at least one
   * @param listener told on the source's thread; it must not block
   * @return ends the reports when closed
   * @throws IllegalStateException if the source is closed
   */
  Subscription watch(Set<ResourceKind> kinds, ResourceListener listener);

  /** How the source is; cheap, for readiness detail and metrics. */
  SourceStatus status();

  /** Ends all reports and frees what the source holds; further calls do nothing. */
  @Override
  void close();
}

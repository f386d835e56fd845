package dev.weft.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps what it is told, and fails upon what no source may tell. */
public final class RecordingListener implements ResourceListener {
  private final Map<ResourceKey, Resource> objects = new TreeMap<>();
  private final List<List<ResourceChange>> batches = new ArrayList<>();
  private final CountDownLatch synced = new CountDownLatch(1);

  @Override
  public synchronized void onChange(List<ResourceChange> batch) {
    assertThat(batch).isNotEmpty();
    Set<ResourceKey> seen = new HashSet<>();
    for (ResourceChange change : batch) {
      assertThat(seen.add(change.key())).as("%s is twice in a batch", change.key()).isTrue();
      switch (change) {
        case ResourceChange.Applied(Resource resource) -> objects.put(change.key(), resource);
        case ResourceChange.Deleted(ResourceKey key) ->
            assertThat(objects.remove(key)).as("deleted, never applied: %s", key).isNotNull();
      }
    }
    batches.add(batch);
  }

  @Override
  public void onSynced() {
    assertThat(synced.getCount()).as("synced once").isOne();
    synced.countDown();
  }

  /** Waits for the end of the initial objects. */
  public void awaitSynced() throws InterruptedException {
    assertThat(synced.await(20, TimeUnit.SECONDS)).as("synced").isTrue();
  }

  /** Whether the initial objects are there. */
  public boolean isSynced() {
    return synced.getCount() == 0;
  }

  /** A copy of the objects as they stand. */
  public synchronized Map<ResourceKey, Resource> objects() {
    return Map.copyOf(objects);
  }

  /** A copy of all batches so far. */
  public synchronized List<List<ResourceChange>> batches() {
    return List.copyOf(batches);
  }
}

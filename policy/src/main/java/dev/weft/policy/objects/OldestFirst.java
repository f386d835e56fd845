package dev.weft.policy.objects;

import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.mesh.resource.Resource;
import java.time.Instant;
import java.util.Comparator;

/** The order in which objects that compete are taken: oldest first, those without a date last. */
public final class OldestFirst {
  private static final Comparator<ObjectMeta> BY_AGE =
      Comparator.comparing(meta -> meta.creationTimestamp().orElse(Instant.MAX));

  private OldestFirst() {}

  /** By age, then name. */
  public static <R extends Resource> Comparator<R> thenName() {
    return Comparator.comparing((R r) -> r.meta(), BY_AGE).thenComparing(r -> r.meta().name());
  }

  /** By age, then name, group and kind; for routes of several kinds. */
  public static <R extends Resource> Comparator<R> thenNameAndKind() {
    return OldestFirst.<R>thenName()
        .thenComparing(r -> r.kind().group())
        .thenComparing(r -> r.kind().kind());
  }
}

package dev.weft.resources.kubernetes;

import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKey;

/** What was seen of an object on the wire. */
sealed interface Seen {
  ResourceKey key();

  /** It is there, and this is it. */
  record There(Resource resource) implements Seen {
    @Override
    public ResourceKey key() {
      return resource.key();
    }
  }

  /** It is there, but what it says cannot be used: what it said before stands. */
  record Unreadable(ResourceKey key, String reason) implements Seen {}

  /** It is gone. */
  record Gone(ResourceKey key) implements Seen {}
}

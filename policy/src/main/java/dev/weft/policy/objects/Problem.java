package dev.weft.policy.objects;

import dev.weft.mesh.resource.ResourceKey;

/**
 * Why an object does not count.
 *
 * @param object which
 * @param cause why, as a clause without full stop
 */
public record Problem(ResourceKey object, String cause) {
  /** One line for logs. */
  @Override
  public String toString() {
    return object + " is not used; cause: " + cause;
  }
}

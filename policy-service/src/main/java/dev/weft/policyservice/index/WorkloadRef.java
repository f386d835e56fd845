package dev.weft.policyservice.index;

import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.ResourceKind;

/**
 * Names a workload.
 *
 * @param external whether it is an external workload rather than a pod
 * @param namespace its namespace
 * @param name its name
 */
public record WorkloadRef(boolean external, String namespace, String name) {
  /** The workload behind a key of kind pod or external workload. */
  static WorkloadRef of(ResourceKey key) {
    return new WorkloadRef(
        key.kind() == ResourceKind.EXTERNAL_WORKLOAD, key.namespace(), key.name());
  }

  /** {@code pod shop/web-1} or {@code external workload shop/vm}. */
  @Override
  public String toString() {
    return (external ? "external workload " : "pod ") + namespace + "/" + name;
  }
}

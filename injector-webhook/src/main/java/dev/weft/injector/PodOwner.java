package dev.weft.injector;

import dev.weft.injection.Owner;
import dev.weft.injection.OwnerKind;

/**
 * The workload which a pod belongs to in the end, as an object of the cluster.
 *
 * @param owner kind and name
 * @param apiVersion its group and version
 * @param uid its uid; empty where it is not known
 */
record PodOwner(Owner owner, String apiVersion, String uid) {
  static PodOwner of(OwnerKind kind, String name, String uid) {
    return new PodOwner(new Owner(kind, name), kind.apiVersion(), uid);
  }
}

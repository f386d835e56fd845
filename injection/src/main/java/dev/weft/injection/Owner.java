package dev.weft.injection;

/**
 * The workload a pod belongs to in the end: the deployment, not its replica set.
 *
 * @param kind its kind
 * @param name its name, in the pod's namespace
 */
public record Owner(OwnerKind kind, String name) {}

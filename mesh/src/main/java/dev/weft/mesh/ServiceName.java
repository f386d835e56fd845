package dev.weft.mesh;

/**
 * Names a Service in its namespace.
 *
 * @param namespace the namespace, not empty
 * @param name the name, not empty
 */
public record ServiceName(String namespace, String name) {
  /** Refuses empty parts. */
  public ServiceName {
    if (namespace.isEmpty() || name.isEmpty()) {
      throw new IllegalArgumentException(
          "service '" + namespace + "/" + name + "' refused; cause: an empty part");
    }
  }

  /** The DNS name, {@code name.namespace.svc.<clusterDomain>}, without a trailing dot. */
  public String fqdn(String clusterDomain) {
    return name + "." + namespace + ".svc." + clusterDomain;
  }

  /** {@code namespace/name}. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}

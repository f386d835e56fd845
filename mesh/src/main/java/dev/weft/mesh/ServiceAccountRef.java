package dev.weft.mesh;

/**
 * Names a Kubernetes service account.
 *
 * @param namespace the namespace, not empty
 * @param name the name, not empty; names with a dot are lawful here but cannot have an identity
 */
public record ServiceAccountRef(String namespace, String name) {
  /** Refuses empty parts. */
  public ServiceAccountRef {
    if (namespace.isEmpty() || name.isEmpty()) {
      throw new IllegalArgumentException(
          "service account '" + namespace + "/" + name + "' refused; cause: an empty part");
    }
  }

  /** {@code namespace/name}. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}

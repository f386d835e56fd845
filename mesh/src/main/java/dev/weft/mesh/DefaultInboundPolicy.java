package dev.weft.mesh;

import java.util.Optional;

/** The six named policies of a port without authorizations of its own, and of a Server's access. */
public enum DefaultInboundPolicy {
  /** Anyone from anywhere. */
  ALL_UNAUTHENTICATED("all-unauthenticated"),
  /** Any mesh identity from anywhere. */
  ALL_AUTHENTICATED("all-authenticated"),
  /** Anyone from the cluster's networks. */
  CLUSTER_UNAUTHENTICATED("cluster-unauthenticated"),
  /** Any mesh identity from the cluster's networks. */
  CLUSTER_AUTHENTICATED("cluster-authenticated"),
  /** Anyone from anywhere, but what no policy allows is logged and counted. */
  AUDIT("audit"),
  /** Nobody. */
  DENY("deny");

  private final String text;

  DefaultInboundPolicy(String text) {
    this.text = text;
  }

  /** Reads a name; empty if it is none of the six. Case-sensitive. */
  public static Optional<DefaultInboundPolicy> parse(String text) {
    for (DefaultInboundPolicy policy : values()) {
      if (policy.text.equals(text)) {
        return Optional.of(policy);
      }
    }
    return Optional.empty();
  }

  /** The twin that asks for a mesh identity; {@code deny} and {@code audit} are their own. */
  public DefaultInboundPolicy authenticated() {
    return switch (this) {
      case ALL_UNAUTHENTICATED, ALL_AUTHENTICATED -> ALL_AUTHENTICATED;
      case CLUSTER_UNAUTHENTICATED, CLUSTER_AUTHENTICATED -> CLUSTER_AUTHENTICATED;
      case AUDIT -> AUDIT;
      case DENY -> DENY;
    };
  }

  /** The spelling in annotations, flags and manifests. */
  @Override
  public String toString() {
    return text;
  }
}

package dev.weft.mesh.resource;

import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.LabelSelector;
import dev.weft.mesh.PortRef;

/**
 * A port of some workloads of a namespace, to which policy attaches.
 *
 * @param meta metadata
 * @param selector whose port
 * @param port which port
 * @param proxyProtocol what is spoken there
 * @param accessPolicy who is allowed besides those whom authorizations name
 */
public record Server(
    ObjectMeta meta,
    Selector selector,
    PortRef port,
    ProxyProtocol proxyProtocol,
    DefaultInboundPolicy accessPolicy)
    implements Resource {
  @Override
  public ResourceKind kind() {
    return ResourceKind.SERVER;
  }

  /** Whose port. */
  public sealed interface Selector {
    /** The labels to match. */
    LabelSelector labels();

    /**
     * Pods of the namespace.
     *
     * @param labels which
     */
    record Pods(LabelSelector labels) implements Selector {}

    /**
     * External workloads of the namespace.
     *
     * @param labels which
     */
    record ExternalWorkloads(LabelSelector labels) implements Selector {}
  }

  /** What a port speaks. */
  public enum ProxyProtocol {
    /** Find out. */
    UNKNOWN("unknown"),
    /** HTTP/1.0 or HTTP/1.1. */
    HTTP_1("HTTP/1"),
    /** HTTP/2. */
    HTTP_2("HTTP/2"),
    /** gRPC. */
    GRPC("gRPC"),
    /** Bytes nobody looks into. */
    OPAQUE("opaque"),
    /** TLS of the application's own. */
    TLS("TLS");

    private final String text;

    ProxyProtocol(String text) {
      this.text = text;
    }

    /** The spelling in manifests. */
    @Override
    public String toString() {
      return text;
    }
  }
}

package dev.weft.destination.index;

import dev.weft.mesh.ServiceName;

/** What a profile is asked for by; clients with equal keys share one answer. */
public sealed interface ProfileKey {
  /**
   * A port of a Service.
   *
   * @param service the Service
   * @param fqdn its full name
   * @param port the port
   * @param clientNamespace the client's namespace, whose ServiceProfile wins; empty where unknown
   */
  record OfService(ServiceName service, String fqdn, int port, String clientNamespace)
      implements ProfileKey {}

  /**
   * A named endpoint of a Service.
   *
   * @param service the Service
   * @param instance the hostname of the endpoint
   * @param port the port
   */
  record OfInstance(ServiceName service, String instance, int port) implements ProfileKey {}

  /**
   * An address.
   *
   * @param address the address
   */
  record OfAddress(Endpoint.Address address) implements ProfileKey {}
}

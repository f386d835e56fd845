package dev.weft.destination.lookup;

import dev.weft.mesh.IpAddr;
import dev.weft.mesh.ServiceName;

/** What a client asks for. */
public sealed interface Lookup {
  /** The port asked for, 1 to 65535. */
  int port();

  /**
   * A Service.
   *
   * @param service which
   * @param host its full name as the client wrote it
   * @param port the port
   */
  record OfService(ServiceName service, String host, int port) implements Lookup {}

  /**
   * One named endpoint of a Service, as StatefulSets have.
   *
   * @param service the Service
   * @param instance the endpoint's hostname
   * @param port the port
   */
  record OfInstance(ServiceName service, String instance, int port) implements Lookup {}

  /**
   * An address.
   *
   * @param ip the address
   * @param port the port
   */
  record OfAddress(IpAddr ip, int port) implements Lookup {}
}

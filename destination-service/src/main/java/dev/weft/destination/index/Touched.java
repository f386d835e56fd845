package dev.weft.destination.index;

import dev.weft.mesh.IpAddr;
import dev.weft.mesh.ServiceName;
import java.util.HashSet;
import java.util.Set;

/**
 * What a batch of changes may have an effect on; more than it has is allowed, less is a fault.
 * Confined to the index's thread.
 */
final class Touched {
  /** Services of which the Service, a slice or something a slice points to changed. */
  final Set<ServiceName> services = new HashSet<>();

  /** Addresses of pods and workloads that came, changed or went. */
  final Set<IpAddr> addresses = new HashSet<>();

  /** Namespaces in which Servers or owners changed, which bear on any workload there. */
  final Set<String> namespaces = new HashSet<>();

  /** Full names of Services whose ServiceProfile changed, in whatever namespace. */
  final Set<String> profiles = new HashSet<>();

  /** Whether the zone of some node changed. */
  boolean zones;
}

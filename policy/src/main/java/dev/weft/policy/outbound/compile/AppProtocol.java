package dev.weft.policy.outbound.compile;

import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.PortSet;
import dev.weft.mesh.resource.Service;
import java.util.Locale;
import java.util.Optional;

/** What a Service says is spoken on a port. Source: facts/policy.md 3.6. */
enum AppProtocol {
  /** Nothing is said. */
  UNSAID,
  /** HTTP/1. */
  HTTP_1,
  /** HTTP/2 without TLS. */
  HTTP_2,
  /** Bytes nobody looks into, or a protocol the mesh does not know. */
  OPAQUE;

  /**
   * Reads the port's own field, else the Service's list of opaque ports, else the default list. A
   * list that cannot be read is empty.
   *
   * @param service the Service, if it exists
   */
  static AppProtocol of(Optional<Service> service, int port, PortSet defaultOpaquePorts) {
    Optional<String> written =
        service
            .flatMap(object -> object.spec().port(port))
            .flatMap(declared -> Optional.ofNullable(declared.appProtocol()));
    if (written.isPresent()) {
      return switch (written.get().toLowerCase(Locale.ROOT)) {
        case "http" -> HTTP_1;
        case "kubernetes.io/h2c" -> HTTP_2;
        default -> OPAQUE;
      };
    }
    PortSet opaque =
        service
            .flatMap(object -> object.meta().annotation(MeshKeys.OPAQUE_PORTS))
            .map(text -> PortSet.parseStrict(text).orElse(PortSet.EMPTY))
            .orElse(defaultOpaquePorts);
    return opaque.contains(port) ? OPAQUE : UNSAID;
  }
}

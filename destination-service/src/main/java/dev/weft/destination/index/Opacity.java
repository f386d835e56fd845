package dev.weft.destination.index;

import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.PortRef;
import dev.weft.mesh.PortSet;
import dev.weft.mesh.resource.ExternalWorkload;
import dev.weft.mesh.resource.Pod;
import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.Server;
import dev.weft.mesh.resource.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Which ports are opaque: those an object's annotation lists, or the defaults where it has none (an
 * empty annotation lists no port), and those a Server declares opaque.
 */
final class Opacity {
  private static final Logger LOG = Logger.getLogger(Opacity.class);

  private final PortSet defaults;
  private final ObjectStore store;

  Opacity(PortSet defaults, ObjectStore store) {
    this.defaults = defaults;
    this.store = store;
  }

  /** Whether a port of something nobody knows is opaque. */
  boolean isOpaqueByDefault(int port) {
    return defaults.contains(port);
  }

  boolean isOpaque(Service service, int port) {
    Map<String, List<Integer>> names = new HashMap<>();
    service.spec().ports().forEach(p -> name(names, p.name(), p.port()));
    return annotated(service, names).contains(port);
  }

  boolean isOpaque(Pod pod, int port) {
    Map<String, List<Integer>> names = portNames(pod);
    return annotated(pod, names).contains(port)
        || store.servers(pod.meta().namespace()).stream()
            .filter(server -> server.selector() instanceof Server.Selector.Pods)
            .anyMatch(server -> declaresOpaque(server, pod, names, port));
  }

  boolean isOpaque(ExternalWorkload workload, int port) {
    Map<String, List<Integer>> names = new HashMap<>();
    workload.spec().ports().forEach(p -> name(names, p.name(), p.port()));
    return annotated(workload, names).contains(port)
        || store.servers(workload.meta().namespace()).stream()
            .filter(server -> server.selector() instanceof Server.Selector.ExternalWorkloads)
            .anyMatch(server -> declaresOpaque(server, workload, names, port));
  }

  private static Map<String, List<Integer>> portNames(Pod pod) {
    Map<String, List<Integer>> names = new HashMap<>();
    pod.spec()
        .allContainers()
        .flatMap(container -> container.ports().stream())
        .forEach(p -> name(names, p.name(), p.containerPort()));
    return names;
  }

  private static void name(Map<String, List<Integer>> names, String name, int port) {
    if (!name.isEmpty()) {
      names.computeIfAbsent(name, _ -> new ArrayList<>()).add(port);
    }
  }

  private PortSet annotated(Resource resource, Map<String, List<Integer>> names) {
    return resource
        .meta()
        .annotation(MeshKeys.OPAQUE_PORTS)
        .map(text -> parse(resource, text, names))
        .orElse(defaults);
  }

  private static PortSet parse(Resource resource, String text, Map<String, List<Integer>> names) {
    PortSet.Parsed parsed = PortSet.parseTolerant(text, names);
    if (!parsed.problems().isEmpty()) {
      LOG.debugf("%s: %s skips %s", resource.key(), MeshKeys.OPAQUE_PORTS, parsed.problems());
    }
    return parsed.ports();
  }

  private static boolean declaresOpaque(
      Server server, Resource workload, Map<String, List<Integer>> names, int port) {
    return server.proxyProtocol() == Server.ProxyProtocol.OPAQUE
        && server.selector().labels().matches(workload.meta().labels())
        && switch (server.port()) {
          case PortRef.Number(int number) -> number == port;
          case PortRef.Name(String name) -> names.getOrDefault(name, List.of()).contains(port);
        };
  }
}

package dev.weft.policy.inbound.compile;

import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.PortRef;
import dev.weft.mesh.PortSet;
import dev.weft.mesh.resource.ExternalWorkload;
import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.mesh.resource.Pod;
import dev.weft.mesh.resource.Server;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What inbound policy reads of a pod or external workload. Equal workloads have equal policies.
 * Source: facts/policy.md 2.2.
 *
 * @param external whether it is an external workload rather than a pod
 * @param namespace its namespace
 * @param labels its labels
 * @param namedPorts the numbers behind each name of a TCP port
 * @param probePaths the paths which HTTP probes ask for, sorted, by port; none for external
 *     workloads
 * @param defaultPolicy its own policy for ports without a Server
 * @param opaquePorts ports whose bytes are not looked into
 * @param identityPorts ports which demand a mesh identity
 */
public record Workload(
    boolean external,
    String namespace,
    Map<String, String> labels,
    Map<String, Set<Integer>> namedPorts,
    Map<Integer, List<String>> probePaths,
    Optional<DefaultInboundPolicy> defaultPolicy,
    PortSet opaquePorts,
    PortSet identityPorts) {
  /** Copies the collections. */
  public Workload {
    labels = Map.copyOf(labels);
    namedPorts = Map.copyOf(namedPorts);
    probePaths = Map.copyOf(probePaths);
  }

  /** A pod; empty unless it carries the label of a control plane, whatever its value. */
  public static Optional<Workload> of(Pod pod) {
    if (!pod.meta().labels().containsKey(MeshKeys.CONTROL_PLANE_NS)) {
      return Optional.empty();
    }
    Map<String, Set<Integer>> named = new HashMap<>();
    Map<Integer, Set<String>> probes = new HashMap<>();
    pod.spec()
        .allContainers()
        .forEach(
            container -> {
              for (Pod.Port port : container.ports()) {
                if (port.isTcp() && !port.name().isEmpty()) {
                  named
                      .computeIfAbsent(port.name(), _ -> new TreeSet<>())
                      .add(port.containerPort());
                }
              }
              for (Pod.HttpProbe probe : container.httpProbes()) {
                Optional<Integer> port = probePort(container, probe.port());
                Optional<String> path = probePath(probe.path() == null ? "/" : probe.path());
                if (port.isPresent() && path.isPresent()) {
                  probes.computeIfAbsent(port.get(), _ -> new TreeSet<>()).add(path.get());
                }
              }
            });
    Map<Integer, List<String>> sortedProbes = new HashMap<>();
    probes.forEach((port, paths) -> sortedProbes.put(port, List.copyOf(paths)));
    return Optional.of(of(false, pod.meta(), named, sortedProbes));
  }

  /** An external workload. */
  public static Workload of(ExternalWorkload workload) {
    Map<String, Set<Integer>> named = new HashMap<>();
    for (ExternalWorkload.Port port : workload.spec().ports()) {
      if (port.protocol().equals("TCP") && !port.name().isEmpty()) {
        named.put(port.name(), Set.of(port.port()));
      }
    }
    return of(true, workload.meta(), named, Map.of());
  }

  /** Whether a Server of the same namespace is for this port of this workload. */
  public boolean isServedBy(Server server, int port) {
    boolean selected =
        switch (server.selector()) {
          case Server.Selector.Pods pods -> !external && pods.labels().matches(labels);
          case Server.Selector.ExternalWorkloads others ->
              external && others.labels().matches(labels);
        };
    return selected
        && switch (server.port()) {
          case PortRef.Number(int number) -> number == port;
          case PortRef.Name(String name) -> namedPorts.getOrDefault(name, Set.of()).contains(port);
        };
  }

  private static Workload of(
      boolean external,
      ObjectMeta meta,
      Map<String, Set<Integer>> namedPorts,
      Map<Integer, List<String>> probePaths) {
    return new Workload(
        external,
        meta.namespace(),
        meta.labels(),
        namedPorts,
        probePaths,
        meta.annotation(MeshKeys.DEFAULT_INBOUND_POLICY).flatMap(DefaultInboundPolicy::parse),
        ports(meta, MeshKeys.OPAQUE_PORTS),
        ports(meta, MeshKeys.REQUIRE_IDENTITY_PORTS));
  }

  /** A list of ports; any syntax error empties the whole. */
  private static PortSet ports(ObjectMeta meta, String annotation) {
    return meta.annotation(annotation).flatMap(PortSet::parseStrict).orElse(PortSet.EMPTY);
  }

  private static Optional<Integer> probePort(Pod.Container container, PortRef port) {
    return switch (port) {
      case PortRef.Number(int number) -> Optional.of(number);
      case PortRef.Name(String name) ->
          container.ports().stream()
              .filter(declared -> declared.isTcp() && declared.name().equalsIgnoreCase(name))
              .map(Pod.Port::containerPort)
              .findFirst();
    };
  }

  /** The path of a probe without its query; empty where the text is no path. */
  private static Optional<String> probePath(String written) {
    try {
      String path = new URI(written).getRawPath();
      if (path == null || path.isEmpty()) {
        return Optional.of("/");
      }
      return path.startsWith("/") ? Optional.of(path) : Optional.of("/" + path);
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }
}

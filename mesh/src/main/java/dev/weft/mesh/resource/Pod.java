package dev.weft.mesh.resource;

import dev.weft.mesh.IpAddr;
import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.PortRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pod.
 *
 * @param meta metadata
 * @param spec what was asked for
 * @param status what is
 */
public record Pod(ObjectMeta meta, Spec spec, Status status) implements Resource {
  @Override
  public ResourceKind kind() {
    return ResourceKind.POD;
  }

  /** The namespace of the pod's control plane; empty where the pod is not meshed. */
  public Optional<String> controlPlaneNamespace() {
    return meta.label(MeshKeys.CONTROL_PLANE_NS).filter(namespace -> !namespace.isEmpty());
  }

  /** The container that holds the proxy; init containers are searched first. */
  public Optional<Container> proxyContainer() {
    return spec.allContainers()
        .filter(container -> container.name().equals(MeshKeys.PROXY_CONTAINER))
        .findFirst();
  }

  /** Whether the pod is on its way out or has ended: no endpoint any more. */
  public boolean isTerminating() {
    return meta.deletionTimestamp().isPresent()
        || status.phase().equals("Succeeded")
        || status.phase().equals("Failed");
  }

  /**
   * What was asked for.
   *
   * @param nodeName the node it runs on; empty until scheduled
   * @param serviceAccountName the account it runs as; {@code default} where none is named
   * @param hostNetwork whether it shares the node's network
   * @param initContainers init containers, native sidecars included
   * @param containers containers
   */
  public record Spec(
      String nodeName,
      String serviceAccountName,
      boolean hostNetwork,
      List<Container> initContainers,
      List<Container> containers) {
    /** Copies the lists. */
    public Spec {
      initContainers = List.copyOf(initContainers);
      containers = List.copyOf(containers);
    }

    /** Init containers, then containers. */
    public Stream<Container> allContainers() {
      return Stream.concat(initContainers.stream(), containers.stream());
    }
  }

  /**
   * What is.
   *
   * @param phase {@code Pending}, {@code Running}, {@code Succeeded}, {@code Failed}; empty where
   *     nobody says
   * @param podIps the pod's addresses, the primary first
   * @param hostIps the node's addresses, the primary first
   * @param ready whether the pod's {@code Ready} condition holds
   */
  public record Status(String phase, List<IpAddr> podIps, List<IpAddr> hostIps, boolean ready) {
    /** Copies the lists. */
    public Status {
      podIps = List.copyOf(podIps);
      hostIps = List.copyOf(hostIps);
    }
  }

  /**
   * A container.
   *
   * @param name the name
   * @param env of the proxy's container, the few variables which tell where it listens and who it
   *     is, with literal values; empty for any other container
   * @param ports declared ports
   * @param httpProbes HTTP probes of all three kinds; probes of other kinds are left out
   */
  public record Container(
      String name, Map<String, String> env, List<Port> ports, List<HttpProbe> httpProbes) {
    /** Copies the collections. */
    public Container {
      env = Map.copyOf(env);
      ports = List.copyOf(ports);
      httpProbes = List.copyOf(httpProbes);
    }
  }

  /**
   * A declared port.
   *
   * @param name the name; may be empty
   * @param containerPort the port in the pod
   * @param hostPort the port on the node; 0 for none
   * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
   */
  public record Port(String name, int containerPort, int hostPort, String protocol) {
    /** Whether the port is TCP. */
    public boolean isTcp() {
      return protocol.equals("TCP");
    }
  }

  /**
   * An HTTP probe.
   *
   * @param path path and query as written; null where the manifest has none
   * @param port the port, a name being one of the same container
   */
  public record HttpProbe(@Nullable String path, PortRef port) {}
}

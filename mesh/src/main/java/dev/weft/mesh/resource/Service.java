package dev.weft.mesh.resource;

import dev.weft.mesh.IpAddr;
import dev.weft.mesh.PortRef;
import dev.weft.mesh.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Service.
 *
 * @param meta metadata
 * @param spec what was asked for
 */
public record Service(ObjectMeta meta, Spec spec) implements Resource {
  @Override
  public ResourceKind kind() {
    return ResourceKind.SERVICE;
  }

  /** Namespace and name. */
  public ServiceName serviceName() {
    return new ServiceName(meta.namespace(), meta.name());
  }

  /** How the Service is reached. */
  public enum Type {
    /** By an address in the cluster, or headless. */
    CLUSTER_IP("ClusterIP"),
    /** By a port of every node too. */
    NODE_PORT("NodePort"),
    /** By an outside load balancer too. */
    LOAD_BALANCER("LoadBalancer"),
    /** It is another name for something elsewhere. */
    EXTERNAL_NAME("ExternalName");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** The spelling in manifests. */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * What was asked for.
   *
   * @param type how it is reached
   * @param clusterIps its addresses in the cluster, the primary first; none if headless or not yet
   *     given
   * @param headless whether it was declared to have no address ({@code clusterIP: None})
   * @param ports its ports
   * @param selector the labels of its pods; empty selects nothing
   * @param localInternalTraffic whether clients may use endpoints on their own node only
   * @param ipFamilies {@code IPv4}, {@code IPv6}; may be empty
   */
  public record Spec(
      Type type,
      List<IpAddr> clusterIps,
      boolean headless,
      List<Port> ports,
      Map<String, String> selector,
      boolean localInternalTraffic,
      List<String> ipFamilies) {
    /** Copies the collections. */
    public Spec {
      clusterIps = List.copyOf(clusterIps);
      ports = List.copyOf(ports);
      selector = Map.copyOf(selector);
      ipFamilies = List.copyOf(ipFamilies);
    }

    /** The declared port of this number, if there is one. */
    public Optional<Port> port(int number) {
      return ports.stream().filter(port -> port.port() == number).findFirst();
    }
  }

  /**
   * A port of a Service.
   *
   * @param name the name, by which slices refer to it; may be empty
   * @param port the number clients use
   * @param targetPort the port of the pods; the same number where the manifest says nothing
   * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
   * @param appProtocol what is spoken there, as written; null where the manifest says nothing
   */
  public record Port(
      String name, int port, PortRef targetPort, String protocol, @Nullable String appProtocol) {}
}

package dev.weft.mesh.resource;

import dev.weft.mesh.MeshKeys;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Some endpoints of a Service.
 *
 * @param meta metadata
 * @param addressType {@code IPv4}, {@code IPv6} or {@code FQDN}
 * @param endpoints the endpoints
 * @param ports the ports that all of them have
 */
public record EndpointSlice(
    ObjectMeta meta, String addressType, List<Endpoint> endpoints, List<Port> ports)
    implements Resource {
  /** Copies the lists. */
  public EndpointSlice {
    endpoints = List.copyOf(endpoints);
    ports = List.copyOf(ports);
  }

  @Override
  public ResourceKind kind() {
    return ResourceKind.ENDPOINT_SLICE;
  }

  /** The Service it belongs to: by its label, else by an owner of kind Service. */
  public Optional<String> serviceName() {
    Optional<String> labelled =
        meta.label(MeshKeys.SERVICE_NAME).filter(service -> !service.isEmpty());
    return labelled.isPresent()
        ? labelled
        : meta.ownerReferences().stream()
            .filter(owner -> owner.kind().equals("Service"))
            .map(OwnerReference::name)
            .findFirst();
  }

  /**
   * One endpoint.
   *
   * @param addresses as written, IP literals or names; the first counts
   * @param conditions what it is fit for
   * @param hostname its name within the Service; empty for none
   * @param targetRef what stands behind it, if said
   * @param nodeName its node; empty where unknown
   * @param zone its zone; empty where unknown
   * @param zoneHints the zones whose clients should use it; empty for no hint
   */
  public record Endpoint(
      List<String> addresses,
      Conditions conditions,
      String hostname,
      @Nullable TargetRef targetRef,
      String nodeName,
      String zone,
      List<String> zoneHints) {
    /** Copies the lists. */
    public Endpoint {
      addresses = List.copyOf(addresses);
      zoneHints = List.copyOf(zoneHints);
    }

    /** Whether traffic may go there: unless it says it is not ready. */
    public boolean isReady() {
      return !Boolean.FALSE.equals(conditions.ready());
    }
  }

  /**
   * What an endpoint is fit for; null where the manifest says nothing.
   *
   * @param ready for traffic
   * @param serving as ready, but also while terminating
   * @param terminating on its way out
   */
  public record Conditions(
      @Nullable Boolean ready, @Nullable Boolean serving, @Nullable Boolean terminating) {
    /** Nothing said. */
    public static final Conditions UNKNOWN = new Conditions(null, null, null);
  }

  /**
   * What stands behind an endpoint.
   *
   * @param kind {@code Pod}, {@code ExternalWorkload} or another word
   * @param namespace its namespace; empty where not said
   * @param name its name
   * @param uid its unique id; empty where not said
   */
  public record TargetRef(String kind, String namespace, String name, String uid) {}

  /**
   * A port of all endpoints in a slice.
   *
   * @param name the name of the Service's port; may be empty
   * @param port the number at the endpoint; 0 where the slice gives none
   * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
   * @param appProtocol as written; null where the slice says nothing
   */
  public record Port(String name, int port, String protocol, @Nullable String appProtocol) {}
}

package dev.weft.destination.index;

import dev.weft.destination.index.Endpoint.Address;
import dev.weft.destination.index.Endpoint.Hint;
import dev.weft.destination.index.Endpoint.PeerIdentity;
import dev.weft.destination.index.Endpoint.Place;
import dev.weft.mesh.Dns1123;
import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.PortSet;
import dev.weft.mesh.resource.EndpointSlice;
import dev.weft.mesh.resource.ExternalWorkload;
import dev.weft.mesh.resource.Pod;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Says of a pod, an external workload or a bare address what a client must know of it. */
final class EndpointFactory {
  private static final Logger LOG = Logger.getLogger(EndpointFactory.class);

  private final DiscoverySettings settings;
  private final ObjectStore store;
  private final Opacity opacity;

  EndpointFactory(DiscoverySettings settings, ObjectStore store, Opacity opacity) {
    this.settings = settings;
    this.store = store;
    this.opacity = opacity;
  }

  /**
   * A port of a pod; empty if the pod is meshed and does not say where its proxy listens, since
   * whatever a client did there would be wrong.
   */
  Optional<Endpoint> ofPod(Pod pod, Address address, Place place) {
    Map<String, String> labels = podLabels(pod, place);
    Optional<String> controlPlane = pod.controlPlaneNamespace();
    if (controlPlane.isEmpty() || isSkipped(pod, address.port())) {
      return Optional.of(
          new Endpoint(address, labels, Optional.empty(), Hint.NONE, 0, false, "", place));
    }
    Optional<ProxyPorts> ports = ProxyPorts.of(pod);
    if (ports.isEmpty()) {
      LOG.debugf(
          "%s left out; cause: it is meshed, and its proxy container or that one's listen address"
              + " cannot be read",
          pod.key());
      return Optional.empty();
    }
    boolean opaque = opacity.isOpaque(pod, address.port());
    boolean transport =
        (opaque || settings.forceOpaqueTransport()) && !ports.get().isMeta(address.port());
    return Optional.of(
        new Endpoint(
            address,
            labels,
            identity(pod, controlPlane.get()),
            opaque ? Hint.OPAQUE : h2(),
            transport ? ports.get().inbound() : 0,
            true,
            "",
            place));
  }

  private Map<String, String> podLabels(Pod pod, Place place) {
    Map<String, String> labels = new HashMap<>();
    labels.put("pod", pod.meta().name());
    labels.put("serviceaccount", pod.spec().serviceAccountName());
    labels.put("zone", place.zone());
    Owners.Owner owner = Owners.of(pod, store);
    labels.put(owner.label(), owner.name());
    pod.controlPlaneNamespace().ifPresent(ns -> labels.put("control_plane_ns", ns));
    pod.meta()
        .label(MeshKeys.POD_TEMPLATE_HASH)
        .ifPresent(hash -> labels.put("pod_template_hash", hash));
    return labels;
  }

  private static boolean isSkipped(Pod pod, int port) {
    return pod.meta()
        .annotation(MeshKeys.SKIP_INBOUND_PORTS)
        .map(text -> PortSet.parseTolerant(text).ports().contains(port))
        .orElse(false);
  }

  /** Pods of another control plane have no identity that this one could vouch for. */
  private Optional<PeerIdentity> identity(Pod pod, String controlPlane) {
    String account = pod.spec().serviceAccountName();
    boolean ours =
        controlPlane.equals(settings.names().controlPlaneNamespace())
            && Dns1123.isLabel(account)
            && Dns1123.isLabel(pod.meta().namespace());
    if (!ours) {
      return Optional.empty();
    }
    String name = settings.names().of(pod.meta().namespace(), account);
    return Optional.of(new PeerIdentity.Dns(name, name));
  }

  /** A port of an external workload; it is always meshed. */
  Endpoint ofWorkload(ExternalWorkload workload, Address address, Place place) {
    Map<String, String> labels = new HashMap<>();
    labels.put("external_workload", workload.meta().name());
    labels.put("zone", place.zone());
    Owners.of(workload).ifPresent(owner -> labels.put(owner.label(), owner.name()));
    boolean opaque = opacity.isOpaque(workload, address.port());
    int inbound =
        workload
            .spec()
            .port(MeshKeys.PROXY_PORT_NAME)
            .map(ExternalWorkload.Port::port)
            .orElse(MeshKeys.INBOUND_PORT);
    return new Endpoint(
        address,
        labels,
        Optional.of(new PeerIdentity.Uri(workload.spec().identity(), workload.spec().serverName())),
        opaque ? Hint.OPAQUE : Hint.H2,
        opaque || settings.forceOpaqueTransport() ? inbound : 0,
        true,
        "",
        place);
  }

  /**
   * An address without an object behind it: something outside, or the gateway of another cluster
   * when its slice says so.
   *
   * @param requestedPort the port the client asked for, which the gateway must be told
   */
  Endpoint ofAddress(EndpointSlice slice, Address address, int requestedPort, Place place) {
    Optional<String> gateway =
        slice.meta().annotation(MeshKeys.REMOTE_GATEWAY_IDENTITY).filter(name -> !name.isEmpty());
    String override =
        slice
            .meta()
            .annotation(MeshKeys.REMOTE_SERVICE_FQ_NAME)
            .filter(name -> !name.isEmpty())
            .map(name -> name + ":" + requestedPort)
            .orElse("");
    return new Endpoint(
        address,
        Map.of(),
        gateway.map(name -> new PeerIdentity.Dns(name, "")),
        gateway.isPresent() ? h2() : Hint.NONE,
        0,
        gateway.isPresent(),
        override,
        place);
  }

  private Hint h2() {
    return settings.h2Upgrade() ? Hint.H2 : Hint.NONE;
  }
}

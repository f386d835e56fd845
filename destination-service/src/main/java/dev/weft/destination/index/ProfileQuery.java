package dev.weft.destination.index;

import dev.weft.destination.index.Endpoint.Address;
import dev.weft.destination.index.Endpoint.Place;
import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.ServiceName;
import dev.weft.mesh.resource.ExternalWorkload;
import dev.weft.mesh.resource.Pod;
import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Service;
import java.util.List;
import java.util.Optional;

/** The pure function from objects to profiles. */
final class ProfileQuery {
  private final DiscoverySettings settings;
  private final ObjectStore store;
  private final EndpointFactory factory;
  private final Opacity opacity;

  ProfileQuery(
      DiscoverySettings settings, ObjectStore store, EndpointFactory factory, Opacity opacity) {
    this.settings = settings;
    this.store = store;
    this.factory = factory;
    this.opacity = opacity;
  }

  /** The answer as the objects stand; reads the store, changes nothing. */
  Profile of(ProfileKey key) {
    return switch (key) {
      case ProfileKey.OfService service -> ofService(service);
      case ProfileKey.OfAddress(Address address) -> ofAddress(address);
      case ProfileKey.OfInstance(ServiceName service, String instance, int port) ->
          podOf(service, instance)
              .map(pod -> ofPod(pod, new Address(pod.status().podIps().getFirst(), port)))
              .orElseGet(Profile.Withheld::new);
    };
  }

  private Profile ofService(ProfileKey.OfService key) {
    Optional<Service> service =
        store.service(key.service()).filter(s -> s.spec().port(key.port()).isPresent());
    if (service.isEmpty() || service.get().spec().type() == Service.Type.EXTERNAL_NAME) {
      return new Profile.Empty();
    }
    String profileName = key.service().fqdn(settings.clusterDomain());
    return new Profile.OfService(
        key.service(),
        key.fqdn(),
        key.port(),
        opacity.isOpaque(service.get(), key.port()),
        store
            .profile(key.clientNamespace(), profileName)
            .or(() -> store.profile(key.service().namespace(), profileName))
            .orElse(null));
  }

  /** The pod behind a named endpoint, ready or not, once it has an address. */
  Optional<Pod> podOf(ServiceName service, String instance) {
    return store.slices(service).stream()
        .flatMap(
            slice ->
                slice.endpoints().stream()
                    .filter(endpoint -> endpoint.hostname().equals(instance))
                    .flatMap(endpoint -> ObjectStore.target(slice, endpoint).stream()))
        .filter(key -> key.kind() == ResourceKind.POD)
        .flatMap(key -> store.find(Pod.class, key).stream())
        .filter(pod -> !pod.status().podIps().isEmpty())
        .findFirst();
  }

  private Profile ofAddress(Address address) {
    List<Pod> pods = store.podsAt(address.ip());
    if (pods.isEmpty()) {
      pods = store.podsAtHostPort(address);
    }
    if (!pods.isEmpty()) {
      return pods.size() == 1 ? ofPod(pods.getFirst(), address) : ambiguous(address, pods);
    }
    List<ExternalWorkload> workloads = store.workloadsAt(address);
    return switch (workloads.size()) {
      case 0 -> unknown(address);
      case 1 -> ofWorkload(workloads.getFirst(), address);
      default -> ambiguous(address, workloads);
    };
  }

  private Profile ofPod(Pod pod, Address address) {
    // A manifest may leave the phase out; then the pod is taken to run.
    String phase = pod.status().phase();
    if (pod.isTerminating() || (!phase.equals("Running") && !phase.isEmpty())) {
      return unknown(address);
    }
    String node = pod.spec().nodeName();
    Place place = new Place("", node, store.zoneOfNode(node), List.of());
    boolean opaque = opacity.isOpaque(pod, address.port());
    return factory
        .ofPod(pod, address, place)
        .<Profile>map(endpoint -> new Profile.OfEndpoint(endpoint, pod.meta().namespace(), opaque))
        .orElseGet(Profile.Withheld::new);
  }

  private Profile ofWorkload(ExternalWorkload workload, Address address) {
    Place place = new Place("", "", workload.meta().label(MeshKeys.ZONE).orElse(""), List.of());
    return new Profile.OfEndpoint(
        factory.ofWorkload(workload, address, place),
        workload.meta().namespace(),
        opacity.isOpaque(workload, address.port()));
  }

  private Profile unknown(Address address) {
    return new Profile.OfEndpoint(
        Endpoint.unknown(address), "", opacity.isOpaqueByDefault(address.port()));
  }

  private static Profile ambiguous(Address address, List<? extends Resource> found) {
    List<ResourceKey> keys = found.stream().map(Resource::key).toList();
    return new Profile.Ambiguous(
        "address "
            + address.ip()
            + ":"
            + address.port()
            + " is ambiguous; cause: it belongs to "
            + keys);
  }
}

package dev.weft.destination.index;

import dev.weft.destination.index.Endpoint.Address;
import dev.weft.destination.index.Endpoint.Place;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.ServiceName;
import dev.weft.mesh.resource.EndpointSlice;
import dev.weft.mesh.resource.ExternalWorkload;
import dev.weft.mesh.resource.Pod;
import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.Service;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The pure function from objects to the endpoints of one (Service, port). */
final class EndpointQuery {
  private final DiscoverySettings settings;
  private final ObjectStore store;
  private final EndpointFactory factory;

  EndpointQuery(DiscoverySettings settings, ObjectStore store, EndpointFactory factory) {
    this.settings = settings;
    this.store = store;
    this.factory = factory;
  }

  /** The answer as the objects stand; reads the store, changes nothing. */
  EndpointSet of(ServiceName name, int port) {
    Optional<Service> service = store.service(name);
    Map<String, String> labels = new HashMap<>();
    labels.put("service", name.name());
    labels.put("namespace", name.namespace());
    if (service.isEmpty()) {
      return new EndpointSet(false, false, labels, Map.of());
    }
    Collected collected = new Collected();
    for (EndpointSlice slice : store.slices(name)) {
      mirrorLabels(slice, labels);
      OptionalInt target = targetPort(service.get(), slice, port);
      if (target.isPresent()) {
        collect(slice, target.getAsInt(), port, collected);
      }
    }
    return new EndpointSet(
        true, service.get().spec().localInternalTraffic(), labels, collected.endpoints(settings));
  }

  /**
   * The port behind a Service's port: a declared one leads to the slice's port of the same name, an
   * undeclared one to itself.
   */
  private static OptionalInt targetPort(Service service, EndpointSlice slice, int port) {
    List<Service.Port> declared =
        service.spec().ports().stream().filter(p -> p.port() == port).toList();
    if (declared.isEmpty()) {
      return slice.ports().isEmpty() ? OptionalInt.empty() : OptionalInt.of(port);
    }
    // One number may be declared for TCP and for UDP; only TCP is proxied.
    Service.Port chosen =
        declared.stream()
            .filter(p -> p.protocol().equals("TCP"))
            .findFirst()
            .orElse(declared.getFirst());
    return slice.ports().stream()
        .filter(p -> p.name().equals(chosen.name()) && p.port() != 0)
        .mapToInt(EndpointSlice.Port::port)
        .findFirst();
  }

  private void collect(EndpointSlice slice, int target, int requested, Collected collected) {
    for (EndpointSlice.Endpoint written : slice.endpoints()) {
      Optional<IpAddr> ip = written.addresses().stream().findFirst().flatMap(IpAddr::tryParse);
      if (!written.isReady() || ip.isEmpty()) {
        continue;
      }
      Address address = new Address(ip.get(), target);
      if (written.targetRef() == null) {
        // The contract copies hints, but not the zone, of addresses without an object.
        Place place = new Place(written.hostname(), "", "", written.zoneHints());
        collected.add(factory.ofAddress(slice, address, requested, place));
        continue;
      }
      Optional<ResourceKey> key = ObjectStore.target(slice, written);
      if (key.isEmpty()) {
        continue;
      }
      switch (key.get().kind()) {
        case POD ->
            store
                .find(Pod.class, key.get())
                .flatMap(pod -> factory.ofPod(pod, address, place(written, pod.spec().nodeName())))
                .ifPresent(endpoint -> collected.addPod(key.get(), endpoint));
        case EXTERNAL_WORKLOAD ->
            store
                .find(ExternalWorkload.class, key.get())
                .map(workload -> factory.ofWorkload(workload, address, place(written, "")))
                .ifPresent(collected::add);
        default -> throw new AssertionError("targets are pods or workloads: " + key.get());
      }
    }
  }

  private static Place place(EndpointSlice.Endpoint written, String nodeName) {
    return new Place(written.hostname(), nodeName, written.zone(), written.zoneHints());
  }

  private static void mirrorLabels(EndpointSlice slice, Map<String, String> labels) {
    Optional<String> cluster = slice.meta().label(MeshKeys.MIRROR_CLUSTER_NAME);
    if (cluster.isEmpty()) {
      return;
    }
    labels.put("target_cluster", cluster.get());
    slice
        .meta()
        .annotation(MeshKeys.REMOTE_SERVICE_FQ_NAME)
        .map(name -> name.split("\\.", 3))
        .filter(parts -> parts.length >= 2)
        .ifPresent(
            parts -> {
              labels.put("target_service", parts[0]);
              labels.put("target_service_namespace", parts[1]);
            });
  }

  /** Endpoints so far; the first to name an address keeps it. */
  private static final class Collected {
    private final Map<Address, Endpoint> endpoints = new LinkedHashMap<>();
    private final Map<Address, ResourceKey> podOfAddress = new HashMap<>();

    void add(Endpoint endpoint) {
      endpoints.putIfAbsent(endpoint.address(), endpoint);
    }

    void addPod(ResourceKey pod, Endpoint endpoint) {
      if (endpoints.putIfAbsent(endpoint.address(), endpoint) == null) {
        podOfAddress.put(endpoint.address(), pod);
      }
    }

    /** Of a pod that has both families, one is dropped: IPv4, or IPv6 where that is disabled. */
    Map<Address, Endpoint> endpoints(DiscoverySettings settings) {
      Set<ResourceKey> podsWithV6 = new HashSet<>();
      podOfAddress.forEach(
          (address, pod) -> {
            if (address.ip().isV6()) {
              podsWithV6.add(pod);
            }
          });
      Map<Address, Endpoint> kept = new LinkedHashMap<>(endpoints);
      podOfAddress.forEach(
          (address, pod) -> {
            boolean drop =
                settings.ipv6()
                    ? address.ip().isV4() && podsWithV6.contains(pod)
                    : address.ip().isV6();
            if (drop) {
              kept.remove(address);
            }
          });
      return kept;
    }
  }
}

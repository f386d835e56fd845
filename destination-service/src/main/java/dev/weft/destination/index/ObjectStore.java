package dev.weft.destination.index;

import dev.weft.mesh.IpAddr;
import dev.weft.mesh.ServiceName;
import dev.weft.mesh.resource.EndpointSlice;
import dev.weft.mesh.resource.ExternalWorkload;
import dev.weft.mesh.resource.Job;
import dev.weft.mesh.resource.Node;
import dev.weft.mesh.resource.Pod;
import dev.weft.mesh.resource.ReplicaSet;
import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Server;
import dev.weft.mesh.resource.Service;
import dev.weft.mesh.resource.ServiceProfile;
import dev.weft.resources.ResourceChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All objects that answers are made of, by name and by whatever else they are looked up by. Tells
 * of each change what it may have an effect on.
 *
 * <p>Confined to the index's thread.
 */
final class ObjectStore {
  /** The kinds it wants to be told of. */
  static final Set<ResourceKind> KINDS =
      Set.of(
          ResourceKind.SERVICE,
          ResourceKind.ENDPOINT_SLICE,
          ResourceKind.POD,
          ResourceKind.EXTERNAL_WORKLOAD,
          ResourceKind.SERVER,
          ResourceKind.SERVICE_PROFILE,
          ResourceKind.NODE,
          ResourceKind.REPLICA_SET,
          ResourceKind.JOB);

  private final Map<ResourceKey, Resource> objects = new HashMap<>();
  private final SetMap<ServiceName, ResourceKey> slicesOfService = new SetMap<>();
  private final SetMap<ResourceKey, ResourceKey> slicesOfTarget = new SetMap<>();
  private final SetMap<IpAddr, ResourceKey> servicesOfIp = new SetMap<>();
  private final SetMap<IpAddr, ResourceKey> podsOfIp = new SetMap<>();
  private final SetMap<Endpoint.Address, ResourceKey> podsOfHostPort = new SetMap<>();
  private final SetMap<Endpoint.Address, ResourceKey> workloadsOfAddress = new SetMap<>();
  private final SetMap<String, ResourceKey> serversOfNamespace = new SetMap<>();

  /** Takes in a change and adds to {@code touched} what it may have an effect on. */
  void apply(ResourceChange change, Touched touched) {
    ResourceKey key = change.key();
    Resource after = change instanceof ResourceChange.Applied(Resource r) ? r : null;
    Resource before = after == null ? objects.remove(key) : objects.put(key, after);
    if (before != null) {
      touch(before, touched);
      index(before, Step.REMOVE);
    }
    if (after != null) {
      index(after, Step.ADD);
      touch(after, touched);
    }
    touchWhatDiffers(key, before, after, touched);
  }

  private enum Step {
    ADD,
    REMOVE;

    <K, V extends Comparable<V>> BiConsumer<K, V> of(SetMap<K, V> map) {
      return this == ADD ? map::add : map::remove;
    }
  }

  private void index(Resource resource, Step step) {
    ResourceKey key = resource.key();
    switch (resource) {
      case Service service -> {
        BiConsumer<IpAddr, ResourceKey> byIp = step.of(servicesOfIp);
        service.spec().clusterIps().forEach(ip -> byIp.accept(ip, key));
      }
      case EndpointSlice slice -> {
        serviceOf(slice).ifPresent(service -> step.of(slicesOfService).accept(service, key));
        targets(slice).forEach(target -> step.of(slicesOfTarget).accept(target, key));
      }
      case Pod pod when !pod.isTerminating() -> {
        if (!pod.spec().hostNetwork()) {
          pod.status().podIps().forEach(ip -> step.of(podsOfIp).accept(ip, key));
        }
        hostPorts(pod).forEach(address -> step.of(podsOfHostPort).accept(address, key));
      }
      case ExternalWorkload workload -> {
        for (IpAddr ip : workload.spec().workloadIps()) {
          for (ExternalWorkload.Port port : workload.spec().ports()) {
            step.of(workloadsOfAddress).accept(new Endpoint.Address(ip, port.port()), key);
          }
        }
      }
      case Server server -> step.of(serversOfNamespace).accept(server.meta().namespace(), key);
      default -> {
        // Found by name only.
      }
    }
  }

  private void touch(Resource resource, Touched touched) {
    switch (resource) {
      case Service service -> touched.services.add(service.serviceName());
      case EndpointSlice slice -> serviceOf(slice).ifPresent(touched.services::add);
      case Pod pod -> {
        touchServicesOf(pod.key(), touched);
        touched.addresses.addAll(pod.status().podIps());
        touched.addresses.addAll(pod.status().hostIps());
      }
      case ExternalWorkload workload -> {
        touchServicesOf(workload.key(), touched);
        touched.addresses.addAll(workload.spec().workloadIps());
      }
      case Server server -> touched.namespaces.add(server.meta().namespace());
      case ServiceProfile profile -> touched.profiles.add(profile.meta().name());
      default -> {
        // Told by what differs, see below.
      }
    }
  }

  private void touchServicesOf(ResourceKey target, Touched touched) {
    for (ResourceKey slice : slicesOfTarget.get(target)) {
      find(EndpointSlice.class, slice).flatMap(this::serviceOf).ifPresent(touched.services::add);
    }
  }

  /** Kinds which change all the time, while what is read of them hardly ever does. */
  private static void touchWhatDiffers(
      ResourceKey key, @Nullable Resource before, @Nullable Resource after, Touched touched) {
    switch (key.kind()) {
      case REPLICA_SET, JOB -> {
        boolean same =
            before != null
                && after != null
                && before.meta().ownerReferences().equals(after.meta().ownerReferences());
        if (!same) {
          touched.namespaces.add(key.namespace());
        }
      }
      case NODE -> touched.zones |= !zone(before).equals(zone(after));
      default -> {
        // Told by touch.
      }
    }
  }

  private static String zone(@Nullable Resource node) {
    return node instanceof Node n ? n.zone().orElse("") : "";
  }

  private Optional<ServiceName> serviceOf(EndpointSlice slice) {
    return slice.serviceName().map(name -> new ServiceName(slice.meta().namespace(), name));
  }

  private static List<ResourceKey> targets(EndpointSlice slice) {
    List<ResourceKey> targets = new ArrayList<>();
    for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
      target(slice, endpoint).ifPresent(targets::add);
    }
    return targets;
  }

  /** The object behind an endpoint, if it is of a kind that is read. */
  static Optional<ResourceKey> target(EndpointSlice slice, EndpointSlice.Endpoint endpoint) {
    EndpointSlice.TargetRef ref = endpoint.targetRef();
    if (ref == null) {
      return Optional.empty();
    }
    String own = slice.meta().namespace();
    return switch (ref.kind()) {
      case "Pod" ->
          Optional.of(
              new ResourceKey(
                  ResourceKind.POD, ref.namespace().isEmpty() ? own : ref.namespace(), ref.name()));
      case "ExternalWorkload" ->
          Optional.of(new ResourceKey(ResourceKind.EXTERNAL_WORKLOAD, own, ref.name()));
      default -> Optional.empty();
    };
  }

  private static List<Endpoint.Address> hostPorts(Pod pod) {
    return pod.spec()
        .allContainers()
        .flatMap(container -> container.ports().stream())
        .filter(port -> port.hostPort() != 0)
        .flatMap(
            port ->
                pod.status().hostIps().stream()
                    .map(ip -> new Endpoint.Address(ip, port.hostPort())))
        .toList();
  }

  <T extends Resource> Optional<T> find(Class<T> type, ResourceKey key) {
    return Optional.ofNullable(objects.get(key)).map(type::cast);
  }

  Optional<Service> service(ServiceName name) {
    return find(
        Service.class, new ResourceKey(ResourceKind.SERVICE, name.namespace(), name.name()));
  }

  /** The slices of a Service, by name. */
  List<EndpointSlice> slices(ServiceName service) {
    return all(EndpointSlice.class, slicesOfService.get(service));
  }

  /** The Services that have this cluster address. */
  List<Service> servicesAt(IpAddr ip) {
    return all(Service.class, servicesOfIp.get(ip));
  }

  /** The pods on the pod network that have this address and are not on their way out. */
  List<Pod> podsAt(IpAddr ip) {
    return all(Pod.class, podsOfIp.get(ip));
  }

  /** The pods reached by a port of their node and not on their way out. */
  List<Pod> podsAtHostPort(Endpoint.Address address) {
    return all(Pod.class, podsOfHostPort.get(address));
  }

  /** The external workloads that have this address and declare this port. */
  List<ExternalWorkload> workloadsAt(Endpoint.Address address) {
    return all(ExternalWorkload.class, workloadsOfAddress.get(address));
  }

  /** The Servers of a namespace, by name. */
  List<Server> servers(String namespace) {
    return all(Server.class, serversOfNamespace.get(namespace));
  }

  Optional<ServiceProfile> profile(String namespace, String name) {
    return find(
        ServiceProfile.class, new ResourceKey(ResourceKind.SERVICE_PROFILE, namespace, name));
  }

  Optional<ReplicaSet> replicaSet(String namespace, String name) {
    return find(ReplicaSet.class, new ResourceKey(ResourceKind.REPLICA_SET, namespace, name));
  }

  Optional<Job> job(String namespace, String name) {
    return find(Job.class, new ResourceKey(ResourceKind.JOB, namespace, name));
  }

  /** The zone of a node; empty where unknown. */
  String zoneOfNode(String nodeName) {
    return find(Node.class, new ResourceKey(ResourceKind.NODE, "", nodeName))
        .flatMap(Node::zone)
        .orElse("");
  }

  /** The zones of all nodes that have one. */
  Map<String, String> zones() {
    Map<String, String> zones = new HashMap<>();
    for (Resource object : objects.values()) {
      if (object instanceof Node node) {
        node.zone().ifPresent(zone -> zones.put(node.meta().name(), zone));
      }
    }
    return Map.copyOf(zones);
  }

  private <T extends Resource> List<T> all(Class<T> type, Collection<ResourceKey> keys) {
    return keys.stream().map(objects::get).map(type::cast).toList();
  }
}

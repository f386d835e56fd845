package dev.weft.policyservice.index;

import dev.weft.kit.watch.Published;
import dev.weft.kit.watch.WatchRegistry;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.ServiceName;
import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Service;
import dev.weft.policy.objects.ObjectStore;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.policy.outbound.compile.OutboundSettings;
import dev.weft.policy.outbound.compile.ServicePort;
import dev.weft.policy.outbound.compile.TargetPolicies;
import dev.weft.policyservice.wire.OutboundEncoder;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The outbound policies of all targets. Confined to the owner's loop. Streams of a Service that is
 * deleted stay as they are, as the contract has it.
 */
final class OutboundViews {
  private static final Comparator<ServiceName> BY_NAME =
      Comparator.comparing(ServiceName::namespace).thenComparing(ServiceName::name);

  /** Clients of one namespace; routes of their own namespace are for them alone. */
  private record PortFor(int port, String clientNamespace) {}

  private final ObjectStore objects;
  private final OutboundSettings settings;
  private final TargetPolicies policies;
  private final boolean namedServiceMustExist;
  private final Duration grace;
  private final Map<IpAddr, TreeSet<ServiceName>> byClusterIp = new HashMap<>();
  private final Map<ServiceName, List<IpAddr>> clusterIps = new HashMap<>();
  private final Map<
          ServiceName,
          WatchRegistry<PortFor, Answer<OutboundPolicy, dev.weft.api.outbound.OutboundPolicy>>>
      watched = new HashMap<>();
  private final Set<ServiceName> changed = new HashSet<>();

  OutboundViews(
      OutboundSettings settings,
      boolean namedServiceMustExist,
      ObjectStore objects,
      Duration grace) {
    this.settings = settings;
    this.namedServiceMustExist = namedServiceMustExist;
    this.objects = objects;
    this.grace = grace;
    policies = new TargetPolicies(settings);
  }

  /** An object came, changed or went; the objects already say so. */
  void changed(ResourceKey key) {
    if (key.kind() != ResourceKind.SERVICE) {
      return;
    }
    var name = new ServiceName(key.namespace(), key.name());
    Optional<Service> service = service(name);
    for (IpAddr ip : clusterIps.getOrDefault(name, List.of())) {
      TreeSet<ServiceName> owners = byClusterIp.get(ip);
      if (owners != null && owners.remove(name) && owners.isEmpty()) {
        byClusterIp.remove(ip);
      }
    }
    if (service.isPresent()) {
      List<IpAddr> ips = service.get().spec().clusterIps();
      clusterIps.put(name, ips);
      ips.forEach(ip -> byClusterIp.computeIfAbsent(ip, _ -> new TreeSet<>(BY_NAME)).add(name));
      changed.add(name);
    } else {
      clusterIps.remove(name);
    }
  }

  /** The policy of an address; empty if the address belongs to nothing in the cluster. */
  Optional<Published<Answer<OutboundPolicy, dev.weft.api.outbound.OutboundPolicy>>> watch(
      IpAddr address, int port, String clientNamespace) {
    TreeSet<ServiceName> owners = byClusterIp.get(address);
    if (owners != null) {
      ServiceName name = owners.getFirst();
      var target = new ServicePort(name, port);
      return service(name).flatMap(service -> service.spec().port(port)).isPresent()
          ? Optional.of(watchService(target, clientNamespace))
          : Optional.of(constant(policies.undefinedPort(target)));
    }
    // TODO(#6): egress networks come before this.
    return settings.isInCluster(address)
        ? Optional.empty()
        : Optional.of(constant(policies.fallback(address, port)));
  }

  /** The policy of a Service by its name; empty if it must exist and does not. */
  Optional<Published<Answer<OutboundPolicy, dev.weft.api.outbound.OutboundPolicy>>> watch(
      ServicePort target, String clientNamespace) {
    if (namedServiceMustExist && service(target.service()).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(watchService(target, clientNamespace));
  }

  /** Publishes what changed since the last time. */
  void flush() {
    for (ServiceName name : changed) {
      var registry = watched.get(name);
      if (registry != null && service(name).isPresent()) {
        registry.forEach(
            (key, published) -> published.publish(live(new ServicePort(name, key.port()))));
      }
    }
    changed.clear();
  }

  /** Forgets what nobody watched for the grace. */
  void sweep(long nowNanos) {
    watched
        .values()
        .removeIf(
            registry -> {
              registry.sweep(nowNanos);
              return registry.size() == 0;
            });
  }

  private Published<Answer<OutboundPolicy, dev.weft.api.outbound.OutboundPolicy>> watchService(
      ServicePort target, String clientNamespace) {
    var published =
        watched
            .computeIfAbsent(target.service(), _ -> new WatchRegistry<>(grace))
            .watch(new PortFor(target.port(), clientNamespace), _ -> live(target));
    // What is kept may be older than the objects while a flush is due, or from a deleted Service.
    published.publish(live(target));
    return published;
  }

  private Answer<OutboundPolicy, dev.weft.api.outbound.OutboundPolicy> live(ServicePort target) {
    return new Answer.Live<>(
        policies.ofService(target, service(target.service())), OutboundEncoder::encode);
  }

  private static Published<Answer<OutboundPolicy, dev.weft.api.outbound.OutboundPolicy>> constant(
      OutboundPolicy policy) {
    return new Published<>(new Answer.Live<>(policy, OutboundEncoder::encode));
  }

  private Optional<Service> service(ServiceName name) {
    return objects.find(ResourceKind.SERVICE, name.namespace(), name.name(), Service.class);
  }
}

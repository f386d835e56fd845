package dev.weft.destination.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.destination.lookup.Lookup;
import dev.weft.kit.watch.Published;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.ServiceName;
import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKey;
import dev.weft.resources.ResourceChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The incremental index against the pure functions over the objects that remain. */
final class DiscoveryIndexPropertyTest {
  private static final List<ServiceName> SERVICES =
      List.of(new ServiceName("n1", "a"), new ServiceName("n1", "b"), new ServiceName("n2", "a"));
  private static final List<String> NAMESPACES = List.of("n1", "n2");
  private static final List<String> IPS = List.of("10.0.0.1", "10.0.0.2", "'fd00::1'");

  /** A batch of changes, and whether a watch of everything begins before it. */
  record Step(List<ResourceChange> batch) {}

  private static Arbitrary<String> of(List<String> values) {
    return Arbitraries.of(values);
  }

  private static Arbitrary<String> of(String... values) {
    return Arbitraries.of(values);
  }

  private static Arbitrary<String> services() {
    return Combinators.combine(
            of(NAMESPACES),
            of("a", "b"),
            of("ClusterIP", "ExternalName"),
            of("http", "other"),
            of(
                "{}",
                "{config.linkerd.io/opaque-ports: http}",
                "{config.linkerd.io/opaque-ports: ''}"),
            of("Cluster", "Local"),
            of("10.96.0.1", "10.96.0.2", "None"))
        .as(
            """
            {apiVersion: v1, kind: Service, metadata: {namespace: %s, name: %s, annotations: %5$s},
             spec: {type: %3$s, clusterIP: %7$s, internalTrafficPolicy: %6$s,
                    ports: [{name: %4$s, port: 80}]}}
            """
                ::formatted);
  }

  private static Arbitrary<String> slices() {
    Arbitrary<String> endpoint =
        Combinators.combine(
                of(IPS),
                of(
                    "",
                    ", targetRef: {kind: Pod, name: p1}",
                    ", targetRef: {kind: Pod, name: p2}",
                    ", targetRef: {kind: ExternalWorkload, name: w}"),
                of("", ", conditions: {ready: false}", ", hostname: h, zone: z1"))
            .as("{addresses: [%s]%s%s}"::formatted);
    return Combinators.combine(
            of(NAMESPACES),
            of("s1", "s2"),
            of("a", "b"),
            of("[]", "[{name: http, port: 8080}]", "[{name: other, port: 25}]"),
            endpoint.list().ofMaxSize(3).map(list -> String.join(", ", list)))
        .as(
            """
            {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice,
             metadata: {namespace: %s, name: %s, labels: {kubernetes.io/service-name: %s}},
             addressType: IPv4, ports: %s, endpoints: [%s]}
            """
                ::formatted);
  }

  private static Arbitrary<String> pods() {
    return Combinators.combine(
            of(NAMESPACES),
            of("p1", "p2"),
            of(IPS),
            of("{}", "{linkerd.io/control-plane-ns: linkerd, app: x}"),
            of("{}", "{config.linkerd.io/opaque-ports: '8080'}"),
            of("Running", "Pending", "Succeeded"),
            of("n", "r1"),
            of(
                "[]",
                "[{name: linkerd-proxy, env: [{name: LINKERD2_PROXY_INBOUND_LISTEN_ADDR, value: '0.0.0.0:4143'}]}]"))
        .as(
            """
            {apiVersion: v1, kind: Pod,
             metadata: {namespace: %s, name: %s, labels: %4$s, annotations: %5$s,
                        ownerReferences: [{kind: ReplicaSet, name: %7$s}]},
             spec: {nodeName: node, containers: %8$s},
             status: {phase: %6$s, podIP: %3$s, hostIP: 10.0.0.9}}
            """
                ::formatted);
  }

  private static Arbitrary<String> others() {
    Arbitrary<String> servers =
        Combinators.combine(
                of(NAMESPACES),
                of("opaque", "HTTP/1"),
                of("8080", "25"),
                of("{}", "{matchLabels: {app: x}}"))
            .as(
                """
                {apiVersion: policy.linkerd.io/v1beta3, kind: Server,
                 metadata: {namespace: %s, name: srv},
                 spec: {proxyProtocol: %s, port: %s, podSelector: %s}}
                """
                    ::formatted);
    Arbitrary<String> replicaSets =
        Combinators.combine(of(NAMESPACES), of("[]", "[{kind: Deployment, name: d}]"))
            .as(
                """
                {apiVersion: apps/v1, kind: ReplicaSet,
                 metadata: {namespace: %s, name: r1, ownerReferences: %s}}
                """
                    ::formatted);
    Arbitrary<String> workloads =
        Combinators.combine(of(NAMESPACES), of(IPS), of("8080", "81"))
            .as(
                """
                {apiVersion: workload.linkerd.io/v1beta1, kind: ExternalWorkload,
                 metadata: {namespace: %s, name: w},
                 spec: {meshTLS: {identity: i, serverName: s}, workloadIPs: [{ip: %s}],
                        ports: [{port: %s}]}}
                """
                    ::formatted);
    Arbitrary<String> profiles =
        Combinators.combine(
                of(NAMESPACES),
                of(SERVICES.stream().map(s -> s.fqdn("cluster.local")).toList()),
                of("r", "q"))
            .as(
                """
                {apiVersion: linkerd.io/v1alpha2, kind: ServiceProfile,
                 metadata: {namespace: %s, name: %s},
                 spec: {routes: [{name: %s, condition: {method: GET}}]}}
                """
                    ::formatted);
    Arbitrary<String> nodes =
        of("z1", "z2")
            .map(
                "{apiVersion: v1, kind: Node, metadata: {name: node, labels: {topology.kubernetes.io/zone: %s}}}"
                    ::formatted);
    return Arbitraries.oneOf(servers, replicaSets, workloads, profiles, nodes);
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<ResourceChange> change =
        Combinators.combine(
                Arbitraries.oneOf(services(), slices(), slices(), pods(), pods(), others()),
                Arbitraries.integers().between(0, 3))
            .as(
                (yaml, dice) -> {
                  Resource resource = World.objects(yaml).getFirst();
                  return dice == 0
                      ? new ResourceChange.Deleted(resource.key())
                      : new ResourceChange.Applied(resource);
                });
    return change.list().ofMinSize(1).ofMaxSize(3).map(Step::new).list().ofMaxSize(25);
  }

  @Property(tries = 400)
  void anyHistory_whatIsPublished_isWhatARebuildSays(@ForAll("histories") List<Step> history) {
    DiscoveryIndex index = new DiscoveryIndex(DiscoverySettings.DEFAULT);
    Map<ServiceName, Published<EndpointSet>> endpoints = new HashMap<>();
    Map<ProfileKey, Published<Profile>> profiles = new HashMap<>();
    Map<ResourceKey, Resource> remaining = new LinkedHashMap<>();

    for (Step step : history) {
      watchAll(index, endpoints, profiles);
      index.apply(distinct(step.batch()));
      for (ResourceChange change : step.batch()) {
        switch (change) {
          case ResourceChange.Applied(Resource resource) -> remaining.put(change.key(), resource);
          case ResourceChange.Deleted(ResourceKey key) -> remaining.remove(key);
        }
      }
    }

    ObjectStore store = new ObjectStore();
    remaining.values().forEach(r -> store.apply(new ResourceChange.Applied(r), new Touched()));
    DiscoverySettings settings = DiscoverySettings.DEFAULT;
    Opacity opacity = new Opacity(settings.defaultOpaquePorts(), store);
    EndpointFactory factory = new EndpointFactory(settings, store, opacity);
    EndpointQuery endpointQuery = new EndpointQuery(settings, store, factory);
    ProfileQuery profileQuery = new ProfileQuery(settings, store, factory, opacity);
    endpoints.forEach(
        (service, published) ->
            assertThat(published.current().orElseThrow().value())
                .as("endpoints of %s", service)
                .isEqualTo(endpointQuery.of(service, 80)));
    profiles.forEach(
        (key, published) ->
            assertThat(published.current().orElseThrow().value())
                .as("profile of %s", key)
                .isEqualTo(profileQuery.of(key)));
    assertThat(index.zones()).isEqualTo(store.zones());
  }

  /** A source tells of no object twice in a batch. */
  private static List<ResourceChange> distinct(List<ResourceChange> batch) {
    Map<ResourceKey, ResourceChange> last = new LinkedHashMap<>();
    batch.forEach(change -> last.put(change.key(), change));
    return new ArrayList<>(last.values());
  }

  private static void watchAll(
      DiscoveryIndex index,
      Map<ServiceName, Published<EndpointSet>> endpoints,
      Map<ProfileKey, Published<Profile>> profiles) {
    for (ServiceName service : SERVICES) {
      String fqdn = service.fqdn("cluster.local");
      if (index.watchEndpoints(new Lookup.OfService(service, fqdn, 80))
          instanceof Watched.Granted<EndpointSet>(Published<EndpointSet> published)) {
        endpoints.put(service, published);
      }
      for (String client : NAMESPACES) {
        if (index.watchProfile(new Lookup.OfService(service, fqdn, 80), client)
            instanceof Watched.Granted<Profile>(Published<Profile> published)) {
          profiles.put(new ProfileKey.OfService(service, fqdn, 80, client), published);
        }
      }
      if (index.watchProfile(new Lookup.OfInstance(service, "h", 8080), "")
          instanceof Watched.Granted<Profile>(Published<Profile> published)) {
        profiles.put(new ProfileKey.OfInstance(service, "h", 8080), published);
      }
    }
    for (String ip : IPS) {
      for (int port : new int[] {25, 8080}) {
        IpAddr address = IpAddr.parse(ip.replace("'", ""));
        if (index.watchProfile(new Lookup.OfAddress(address, port), "")
            instanceof Watched.Granted<Profile>(Published<Profile> published)) {
          profiles.put(new ProfileKey.OfAddress(new Endpoint.Address(address, port)), published);
        }
      }
    }
  }
}

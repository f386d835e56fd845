package dev.weft.destination.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.destination.index.Endpoint.Address;
import dev.weft.destination.index.Endpoint.Hint;
import dev.weft.destination.index.Endpoint.PeerIdentity;
import dev.weft.destination.lookup.Lookup;
import dev.weft.kit.watch.Published;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.PortSet;
import dev.weft.mesh.ServiceName;
import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.ResourceKind;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DiscoveryIndexTest {
  private static final ServiceName API = new ServiceName("shop", "api");
  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: api, namespace: shop}
      spec:
        clusterIP: 10.96.0.1
        ports: [{name: http, port: 80, targetPort: app}, {name: db, port: 5432}]
      """;

  private DiscoveryIndex index = new DiscoveryIndex(DiscoverySettings.DEFAULT);

  private static String slice(String endpoints) {
    return slice("a", "{}", endpoints);
  }

  private static String slice(String name, String annotations, String endpoints) {
    return """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata:
      name: %s
      namespace: shop
      labels: {kubernetes.io/service-name: api}
      annotations: %s
    addressType: IPv4
    ports: [{name: http, port: 8080}, {name: db, port: 5432}]
    endpoints: %s
    """
        .formatted(name, annotations, endpoints);
  }

  private static String pod(String name, String labels, String annotations, String more) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: shop, labels: %s, annotations: %s}
    spec:
      serviceAccountName: api
      nodeName: n1
      containers:
        - name: linkerd-proxy
          env:
            - {name: LINKERD2_PROXY_INBOUND_LISTEN_ADDR, value: "0.0.0.0:4143"}
            - {name: LINKERD2_PROXY_ADMIN_LISTEN_ADDR, value: "0.0.0.0:4191"}
        - name: app
          ports: [{name: app, containerPort: 8080, hostPort: 80}]
    %s
    """
        .formatted(name, labels, annotations, more);
  }

  private static final String RUNNING =
      "status: {phase: Running, podIP: 10.1.0.1, hostIP: 10.9.0.1}";
  private static final String MESHED = "{linkerd.io/control-plane-ns: linkerd, app: api}";
  private static final String TO_POD =
      "[{addresses: [10.1.0.1], targetRef: {kind: Pod, name: api-1}, zone: z1, hostname: h1}]";

  private EndpointSet endpoints(int port) {
    return granted(
        index.watchEndpoints(new Lookup.OfService(API, "api.shop.svc.cluster.local", port)));
  }

  private Endpoint single(int port) {
    assertThat(endpoints(port).endpoints()).hasSize(1);
    return endpoints(port).endpoints().values().iterator().next();
  }

  private Profile profile(String ip, int port) {
    return granted(index.watchProfile(new Lookup.OfAddress(IpAddr.parse(ip), port), "client"));
  }

  private static <T> T granted(Watched<T> watched) {
    Published<T> published = ((Watched.Granted<T>) watched).published();
    return published.current().orElseThrow().value();
  }

  private static Watched.Reason refused(Watched<?> watched) {
    return ((Watched.Refused<?>) watched).reason();
  }

  @Test
  void port_declared_leadsToTheSlicesPortOfItsName() {
    index.apply(World.applied(SERVICE, slice("[{addresses: [10.0.0.1]}]")));

    assertThat(endpoints(80).endpoints().keySet())
        .containsExactly(new Address(IpAddr.parse("10.0.0.1"), 8080));
    assertThat(endpoints(9999).endpoints().keySet())
        .containsExactly(new Address(IpAddr.parse("10.0.0.1"), 9999));
  }

  @Test
  void endpoint_notReady_isLeftOut() {
    index.apply(
        World.applied(
            SERVICE,
            slice(
                "[{addresses: [10.0.0.1], conditions: {ready: false, serving: true}},"
                    + " {addresses: [10.0.0.2], conditions: {}}, {addresses: [a.example.com]}]")));

    assertThat(endpoints(80).endpoints().keySet())
        .containsExactly(new Address(IpAddr.parse("10.0.0.2"), 8080));
  }

  @Test
  void pod_meshed_hasIdentityHintAndTransport() {
    index.apply(World.applied(SERVICE, slice(TO_POD), pod("api-1", MESHED, "{}", RUNNING)));

    Endpoint endpoint = single(80);
    String identity = "api.shop.serviceaccount.identity.linkerd.cluster.local";
    assertThat(endpoint.identity()).contains(new PeerIdentity.Dns(identity, identity));
    assertThat(endpoint.hint()).isEqualTo(Hint.H2);
    assertThat(endpoint.opaqueTransportPort()).isEqualTo(4143);
    assertThat(endpoint.tunedHttp2()).isTrue();
    assertThat(endpoint.labels())
        .isEqualTo(
            Map.of(
                "pod", "api-1",
                "serviceaccount", "api",
                "zone", "z1",
                "control_plane_ns", "linkerd"));
  }

  @Test
  void pod_unmeshed_isPlain() {
    index.apply(World.applied(SERVICE, slice(TO_POD), pod("api-1", "{}", "{}", RUNNING)));

    assertThat(single(80).identity()).isEmpty();
    assertThat(single(80).hint()).isEqualTo(Hint.NONE);
    assertThat(single(80).opaqueTransportPort()).isZero();
  }

  @Test
  void pod_ofAnotherControlPlane_hasHintWithoutIdentity() {
    index.apply(
        World.applied(
            SERVICE,
            slice(TO_POD),
            pod("api-1", "{linkerd.io/control-plane-ns: other}", "{}", RUNNING)));

    assertThat(single(80).identity()).isEmpty();
    assertThat(single(80).hint()).isEqualTo(Hint.H2);
  }

  @Test
  void pod_skippedPort_isPlain() {
    index.apply(
        World.applied(
            SERVICE,
            slice(TO_POD),
            pod("api-1", MESHED, "{config.linkerd.io/skip-inbound-ports: '8000-8100'}", RUNNING)));

    assertThat(single(80).identity()).isEmpty();
    assertThat(single(80).hint()).isEqualTo(Hint.NONE);
    assertThat(single(5432).identity()).isPresent();
  }

  @Test
  void pod_opaquePort_byDefaultAnnotationNameOrServer() {
    index.apply(World.applied(SERVICE, slice(TO_POD), pod("api-1", MESHED, "{}", RUNNING)));
    assertThat(single(5432).hint()).isEqualTo(Hint.OPAQUE);
    assertThat(single(80).hint()).isEqualTo(Hint.H2);

    index.apply(
        World.applied(pod("api-1", MESHED, "{config.linkerd.io/opaque-ports: 'app'}", RUNNING)));
    assertThat(single(5432).hint()).isEqualTo(Hint.H2);
    assertThat(single(80).hint()).isEqualTo(Hint.OPAQUE);

    index.apply(
        World.applied(
            pod("api-1", MESHED, "{config.linkerd.io/opaque-ports: ''}", RUNNING),
            """
            apiVersion: policy.linkerd.io/v1beta3
            kind: Server
            metadata: {name: s, namespace: shop}
            spec: {podSelector: {matchLabels: {app: api}}, port: app, proxyProtocol: opaque}
            """));
    assertThat(single(80).hint()).isEqualTo(Hint.OPAQUE);

    index.apply(World.deleted(new ResourceKey(ResourceKind.SERVER, "shop", "s")));
    assertThat(single(80).hint()).isEqualTo(Hint.H2);
  }

  @Test
  void pod_metaPort_hasHintWithoutTransport() {
    index.apply(World.applied(SERVICE, slice(TO_POD), pod("api-1", MESHED, "{}", RUNNING)));

    assertThat(single(4191).hint()).isEqualTo(Hint.H2);
    assertThat(single(4191).opaqueTransportPort()).isZero();
    assertThat(single(4190).opaqueTransportPort()).isZero();
  }

  @Test
  void transport_transparentMode_isForOpaquePortsOnly() {
    index =
        new DiscoveryIndex(
            new DiscoverySettings(
                DiscoverySettings.DEFAULT.names(),
                "cluster.local",
                PortSet.of(5432),
                false,
                false,
                true));
    index.apply(World.applied(SERVICE, slice(TO_POD), pod("api-1", MESHED, "{}", RUNNING)));

    assertThat(single(80).opaqueTransportPort()).isZero();
    assertThat(single(80).hint()).isEqualTo(Hint.NONE);
    assertThat(single(5432).opaqueTransportPort()).isEqualTo(4143);
  }

  @Test
  void pod_meshedWithoutReadableProxy_isLeftOutAndItsProfileWithheld() {
    String broken = pod("api-1", MESHED, "{}", RUNNING).replace("0.0.0.0:4143", "port 4143");
    index.apply(World.applied(SERVICE, slice(TO_POD), broken));

    assertThat(endpoints(80).endpoints()).isEmpty();
    assertThat(profile("10.1.0.1", 8080)).isEqualTo(new Profile.Withheld());
  }

  @Test
  void pod_owners_areFollowedToTheDeployment() {
    String owned =
        pod("api-1", MESHED, "{}", RUNNING)
            .replace(
                "name: api-1,", "name: api-1, ownerReferences: [{kind: ReplicaSet, name: r}],");
    index.apply(World.applied(SERVICE, slice(TO_POD), owned));
    assertThat(single(80).labels()).containsEntry("replicaset", "r");

    index.apply(
        World.applied(
            """
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata: {name: r, namespace: shop, ownerReferences: [{kind: Deployment, name: d}]}
            """));
    assertThat(single(80).labels())
        .containsEntry("deployment", "d")
        .doesNotContainKey("replicaset");

    index.apply(World.applied(owned.replace("kind: ReplicaSet", "kind: Job")));
    assertThat(single(80).labels()).containsEntry("k8s_job", "r");
  }

  @Test
  void externalWorkload_hasUriIdentityAndItsProxysPort() {
    index.apply(
        World.applied(
            SERVICE,
            slice("[{addresses: [10.2.0.1], targetRef: {kind: ExternalWorkload, name: vm}}]"),
            """
            apiVersion: workload.linkerd.io/v1beta1
            kind: ExternalWorkload
            metadata: {name: vm, namespace: shop}
            spec:
              meshTLS: {identity: "spiffe://root/vm", serverName: vm.shop}
              workloadIPs: [{ip: 10.2.0.1}]
              ports: [{name: http, port: 8080}, {name: linkerd-proxy, port: 14143}]
            """));

    assertThat(single(80).identity()).contains(new PeerIdentity.Uri("spiffe://root/vm", "vm.shop"));
    assertThat(single(80).opaqueTransportPort()).isEqualTo(14143);
    assertThat(single(80).labels()).containsEntry("external_workload", "vm");
    assertThat(profile("10.2.0.1", 8080)).isInstanceOf(Profile.OfEndpoint.class);
  }

  @Test
  void gateway_ofAnotherCluster_hasIdentityOverrideAndSetLabels() {
    index.apply(
        World.applied(
            SERVICE,
            slice(
                    "a",
                    """
                    {mirror.linkerd.io/remote-gateway-identity: gw.id,
                     mirror.linkerd.io/remote-svc-fq-name: api.far.svc.east.local}""",
                    "[{addresses: [192.0.2.1]}]")
                .replace("labels: {", "labels: {mirror.linkerd.io/cluster-name: east, ")));

    assertThat(single(80).identity()).contains(new PeerIdentity.Dns("gw.id", ""));
    assertThat(single(80).authorityOverride()).isEqualTo("api.far.svc.east.local:80");
    assertThat(endpoints(80).labels())
        .isEqualTo(
            Map.of(
                "service", "api",
                "namespace", "shop",
                "target_cluster", "east",
                "target_service", "api",
                "target_service_namespace", "far"));
  }

  @Test
  void pod_withBothFamilies_isReachedByIpv6() {
    index.apply(
        World.applied(
            SERVICE,
            slice(TO_POD),
            slice("b", "{}", "[{addresses: ['fd00::1'], targetRef: {kind: Pod, name: api-1}}]"),
            pod("api-1", MESHED, "{}", RUNNING)));

    assertThat(endpoints(80).endpoints().keySet())
        .containsExactly(new Address(IpAddr.parse("fd00::1"), 8080));
  }

  @Test
  void service_deleted_emptiesTheSetThatStaysWatched() {
    index.apply(World.applied(SERVICE, slice(TO_POD), pod("api-1", MESHED, "{}", RUNNING)));
    Published<EndpointSet> published =
        ((Watched.Granted<EndpointSet>)
                index.watchEndpoints(new Lookup.OfService(API, "api.shop.svc.cluster.local", 80)))
            .published();

    index.apply(World.deleted(new ResourceKey(ResourceKind.SERVICE, "shop", "api")));

    EndpointSet set = published.current().orElseThrow().value();
    assertThat(set.exists()).isFalse();
    assertThat(set.endpoints()).isEmpty();
  }

  @Test
  void change_elsewhere_publishesNothing() {
    index.apply(World.applied(SERVICE, slice(TO_POD), pod("api-1", MESHED, "{}", RUNNING)));
    Published<EndpointSet> published =
        ((Watched.Granted<EndpointSet>)
                index.watchEndpoints(new Lookup.OfService(API, "api.shop.svc.cluster.local", 80)))
            .published();
    long generation = published.generation();

    index.apply(World.applied(pod("stranger", MESHED, "{}", "status: {podIP: 10.1.0.9}")));
    index.apply(World.applied(pod("api-1", MESHED, "{unread: x}", RUNNING)));

    assertThat(published.generation()).isEqualTo(generation);
  }

  @Test
  void profile_clusterIp_isTheServices() {
    index.apply(World.applied(SERVICE));

    assertThat(profile("10.96.0.1", 5432))
        .isEqualTo(new Profile.OfService(API, "api.shop.svc.cluster.local", 5432, true, null));
    assertThat(profile("10.96.0.1", 81)).isEqualTo(new Profile.Empty());

    index.apply(World.applied(SERVICE.replace("name: api,", "name: twin,")));
    assertThat(refused(index.watchProfile(new Lookup.OfAddress(IpAddr.parse("10.96.0.1"), 80), "")))
        .isEqualTo(Watched.Reason.AMBIGUOUS);
  }

  @Test
  void profile_clientsNamespace_winsOverTheServices() {
    String routes =
        """
        apiVersion: linkerd.io/v1alpha2
        kind: ServiceProfile
        metadata: {name: api.shop.svc.cluster.local, namespace: %s}
        spec: {routes: [{name: r, condition: {method: GET}}]}
        """;
    index.apply(World.applied(SERVICE, routes.formatted("shop")));
    assertThat(routesNamespace()).contains("shop");

    index.apply(World.applied(routes.formatted("client")));
    assertThat(routesNamespace()).contains("client");
  }

  private Optional<String> routesNamespace() {
    Profile.OfService profile =
        (Profile.OfService)
            granted(
                index.watchProfile(
                    new Lookup.OfService(API, "api.shop.svc.cluster.local", 80), "client"));
    return Optional.ofNullable(profile.routes()).map(routes -> routes.meta().namespace());
  }

  @Test
  void profile_podStates_areTold() {
    String pending = RUNNING.replace("Running", "Pending");
    index.apply(World.applied(pod("api-1", MESHED, "{}", pending)));
    assertThat(profile("10.1.0.1", 8080))
        .isEqualTo(
            new Profile.OfEndpoint(
                Endpoint.unknown(new Address(IpAddr.parse("10.1.0.1"), 8080)), "", false));

    index.apply(World.applied(pod("api-1", MESHED, "{}", RUNNING)));
    assertThat(((Profile.OfEndpoint) profile("10.1.0.1", 8080)).namespace()).isEqualTo("shop");
    assertThat(((Profile.OfEndpoint) profile("10.9.0.1", 80)).namespace()).isEqualTo("shop");

    index.apply(World.applied(pod("api-1", MESHED, "{}", RUNNING.replace("Running", "Succeeded"))));
    assertThat(((Profile.OfEndpoint) profile("10.1.0.1", 8080)).namespace()).isEmpty();

    index.apply(
        World.applied(pod("api-1", MESHED, "{}", RUNNING), pod("api-2", MESHED, "{}", RUNNING)));
    assertThat(
            refused(index.watchProfile(new Lookup.OfAddress(IpAddr.parse("10.1.0.1"), 8080), "")))
        .isEqualTo(Watched.Reason.AMBIGUOUS);
  }

  @Test
  void profile_namedInstance_isItsPods() {
    index.apply(World.applied(SERVICE, slice(TO_POD), pod("api-1", MESHED, "{}", RUNNING)));

    assertThat(
            ((Profile.OfEndpoint)
                    granted(index.watchProfile(new Lookup.OfInstance(API, "h1", 8080), "")))
                .endpoint()
                .address())
        .isEqualTo(new Address(IpAddr.parse("10.1.0.1"), 8080));
    assertThat(refused(index.watchProfile(new Lookup.OfInstance(API, "h2", 8080), "")))
        .isEqualTo(Watched.Reason.NOT_FOUND);
  }

  @Test
  void select_zoneHints_countOnlyWhenAllHaveThem() {
    index.apply(
        World.applied(
            SERVICE,
            slice(
                """
                [{addresses: [10.0.0.1], hints: {forZones: [{name: z1}]}},
                 {addresses: [10.0.0.2], hints: {forZones: [{name: z2}]}}]""")));
    EndpointSet hinted = endpoints(80);
    assertThat(hinted.select("", "n", "z1")).hasSize(1);
    assertThat(hinted.select("", "n", "z3")).hasSize(2);
    assertThat(hinted.select("", "n", "")).hasSize(2);

    index.apply(
        World.applied(
            slice(
                """
                [{addresses: [10.0.0.1], hints: {forZones: [{name: z1}]}},
                 {addresses: [10.0.0.2]}]""")));
    assertThat(endpoints(80).select("", "n", "z1")).hasSize(2);
  }

  @Test
  void select_nodeLocalTraffic_keepsPodsOfTheNode() {
    index.apply(
        World.applied(
            SERVICE.replace("spec:", "spec:\n  internalTrafficPolicy: Local"),
            slice(TO_POD),
            pod("api-1", MESHED, "{}", RUNNING)));

    assertThat(endpoints(80).select("", "n1", "")).hasSize(1);
    assertThat(endpoints(80).select("", "n2", "")).isEmpty();
    assertThat(endpoints(80).select("", "", "")).isEmpty();
    assertThat(endpoints(80).select("h2", "n1", "")).isEmpty();
  }
}

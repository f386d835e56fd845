package dev.weft.resources.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.IdentityPattern;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.LabelSelector;
import dev.weft.mesh.Network;
import dev.weft.mesh.PortRef;
import dev.weft.mesh.resource.AuthorizationPolicy;
import dev.weft.mesh.resource.EgressNetwork;
import dev.weft.mesh.resource.EndpointSlice;
import dev.weft.mesh.resource.ExternalWorkload;
import dev.weft.mesh.resource.GrpcRoute;
import dev.weft.mesh.resource.HttpLocalRateLimitPolicy;
import dev.weft.mesh.resource.HttpRoute;
import dev.weft.mesh.resource.MeshTlsAuthentication;
import dev.weft.mesh.resource.NetworkAuthentication;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.Pod;
import dev.weft.mesh.resource.Resource;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Route;
import dev.weft.mesh.resource.Server;
import dev.weft.mesh.resource.ServerAuthorization;
import dev.weft.mesh.resource.Service;
import dev.weft.mesh.resource.ServiceProfile;
import dev.weft.mesh.resource.TcpRoute;
import dev.weft.mesh.resource.TlsRoute;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ResourceDecoderTest {
  private static List<Decoded> decodeAll(String yaml) {
    List<Decoded> all = new ArrayList<>();
    YamlTrees.parse(yaml).forEach(tree -> all.addAll(ResourceDecoder.manifest(tree)));
    return all;
  }

  private static <T extends Resource> T decode(Class<T> type, String yaml) {
    List<Decoded> all = decodeAll(yaml);
    assertThat(all).hasSize(1);
    return type.cast(((Decoded.Known) all.getFirst()).resource());
  }

  @Test
  void meta_everyField_isRead() {
    Service service =
        decode(
            Service.class,
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: api
              namespace: shop
              uid: u-1
              resourceVersion: "17"
              generation: 3
              creationTimestamp: "2026-01-02T03:04:05Z"
              deletionTimestamp: 2026-01-02T03:05:00+01:00
              labels: {app: api, empty: }
              annotations:
                config.linkerd.io/opaque-ports: "25"
                kubectl.kubernetes.io/last-applied-configuration: "large"
              ownerReferences:
                - {apiVersion: apps/v1, kind: Deployment, name: d, uid: u-2, controller: true}
              managedFields: [{manager: x}]
            """);
    var meta = service.meta();
    assertThat(meta.namespace()).isEqualTo("shop");
    assertThat(meta.uid()).isEqualTo("u-1");
    assertThat(meta.generation()).isEqualTo(3);
    assertThat(meta.creationTimestamp()).contains(Instant.parse("2026-01-02T03:04:05Z"));
    assertThat(meta.deletionTimestamp()).contains(Instant.parse("2026-01-02T02:05:00Z"));
    assertThat(meta.labels()).isEqualTo(Map.of("app", "api", "empty", ""));
    assertThat(meta.annotations()).isEqualTo(Map.of("config.linkerd.io/opaque-ports", "25"));
    assertThat(meta.ownerReferences()).hasSize(1);
    assertThat(meta.ownerReferences().getFirst().controller()).isTrue();
    assertThat(meta.resourceVersion()).hasSize(16).isNotEqualTo("17");
  }

  @Test
  void meta_resourceVersion_followsContentAndNotLayout() {
    String one = "{apiVersion: v1, kind: Node, metadata: {name: n, labels: {a: x, b: y}}}";
    String same =
        """
        # a comment
        kind: Node
        apiVersion: v1
        metadata:
          labels:
            b: "y"
            a: 'x'
          name: n
        """;
    String other = one.replace("y", "z");

    String version =
        ((Decoded.Known) decodeAll(one).getFirst()).resource().meta().resourceVersion();

    assertThat(((Decoded.Known) decodeAll(same).getFirst()).resource().meta().resourceVersion())
        .isEqualTo(version);
    assertThat(((Decoded.Known) decodeAll(other).getFirst()).resource().meta().resourceVersion())
        .isNotEqualTo(version);
  }

  @Test
  void object_ofCluster_keepsItsResourceVersion() {
    Tree tree =
        JsonTrees.parse("{\"metadata\":{\"name\":\"n\",\"resourceVersion\":\"17\"}}").getFirst();

    Resource node = ResourceDecoder.object(ResourceKind.NODE, "v1", (Tree.Mapping) tree);

    assertThat(node.meta().resourceVersion()).isEqualTo("17");
    assertThat(node.meta().namespace()).isEmpty();
  }

  @Test
  void service_defaultsAndForms_areRead() {
    Service service =
        decode(
            Service.class,
            """
            apiVersion: v1
            kind: Service
            metadata: {name: api}
            spec:
              clusterIP: 10.0.0.1
              clusterIPs: [10.0.0.1, "fd00::1"]
              internalTrafficPolicy: Local
              selector: {app: api}
              ports:
                - {port: 80}
                - {name: grpc, port: 8080, targetPort: app, appProtocol: kubernetes.io/h2c}
            """);
    assertThat(service.meta().namespace()).isEqualTo("default");
    assertThat(service.spec())
        .isEqualTo(
            new Service.Spec(
                Service.Type.CLUSTER_IP,
                List.of(IpAddr.parse("10.0.0.1"), IpAddr.parse("fd00::1")),
                false,
                List.of(
                    new Service.Port("", 80, PortRef.of(80), "TCP", null),
                    new Service.Port("grpc", 8080, PortRef.of("app"), "TCP", "kubernetes.io/h2c")),
                Map.of("app", "api"),
                true,
                List.of()));
  }

  @Test
  void service_clusterIpNone_isHeadless() {
    Service service =
        decode(
            Service.class,
            "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIP: None}}");
    assertThat(service.spec().headless()).isTrue();
    assertThat(service.spec().clusterIps()).isEmpty();
  }

  @Test
  void pod_meshed_keepsOnlyTheProxysListenAddresses() {
    Pod pod =
        decode(
            Pod.class,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: p}
            spec:
              nodeName: n1
              initContainers:
                - name: linkerd-proxy
                  env:
                    - {name: LINKERD2_PROXY_INBOUND_LISTEN_ADDR, value: "127.0.1.2:4143"}
                    - {name: LINKERD2_PROXY_LOG, value: warn}
                    - {name: LINKERD2_PROXY_ADMIN_LISTEN_ADDR, valueFrom: {fieldRef: {}}}
                  ports: [{name: linkerd-proxy, containerPort: 4143}]
              containers:
                - name: app
                  env: [{name: SECRET, value: x}]
                  ports: [{name: http, containerPort: 8080, hostPort: 80}]
                  livenessProbe: {httpGet: {path: /live, port: http}}
                  readinessProbe: {tcpSocket: {port: 1}}
            status:
              phase: Running
              podIP: 127.0.1.2
              hostIPs: [{ip: 10.1.1.1}]
              conditions: [{type: Ready, status: "True"}]
            """);
    assertThat(pod.proxyContainer().orElseThrow().env())
        .isEqualTo(Map.of("LINKERD2_PROXY_INBOUND_LISTEN_ADDR", "127.0.1.2:4143"));
    Pod.Container app = pod.spec().containers().getFirst();
    assertThat(app.env()).isEmpty();
    assertThat(app.ports()).containsExactly(new Pod.Port("http", 8080, 80, "TCP"));
    assertThat(app.httpProbes()).containsExactly(new Pod.HttpProbe("/live", PortRef.of("http")));
    assertThat(pod.spec().serviceAccountName()).isEqualTo("default");
    assertThat(pod.status())
        .isEqualTo(
            new Pod.Status(
                "Running",
                List.of(IpAddr.parse("127.0.1.2")),
                List.of(IpAddr.parse("10.1.1.1")),
                true));
  }

  @Test
  void endpointSlice_everyField_isRead() {
    EndpointSlice slice =
        decode(
            EndpointSlice.class,
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: api-1, labels: {kubernetes.io/service-name: api}}
            addressType: IPv4
            endpoints:
              - addresses: [10.0.0.2]
                conditions: {ready: false}
                hostname: api-0
                nodeName: n1
                zone: z1
                hints: {forZones: [{name: z1}, {name: z2}]}
                targetRef: {kind: Pod, name: api-0, namespace: default, uid: u}
              - addresses: [10.0.0.3]
            ports:
              - {name: http, port: 8080}
              - {name: any}
            """);
    assertThat(slice.serviceName()).contains("api");
    assertThat(slice.endpoints().getFirst())
        .isEqualTo(
            new EndpointSlice.Endpoint(
                List.of("10.0.0.2"),
                new EndpointSlice.Conditions(false, null, null),
                "api-0",
                new EndpointSlice.TargetRef("Pod", "default", "api-0", "u"),
                "n1",
                "z1",
                List.of("z1", "z2")));
    assertThat(slice.endpoints().getLast().isReady()).isTrue();
    assertThat(slice.ports())
        .containsExactly(
            new EndpointSlice.Port("http", 8080, "TCP", null),
            new EndpointSlice.Port("any", 0, "TCP", null));
  }

  @Test
  void externalWorkload_bothSpellings_areRead() {
    String yaml =
        """
        apiVersion: workload.linkerd.io/%s
        kind: ExternalWorkload
        metadata: {name: vm}
        spec:
          %s: {identity: "spiffe://root/vm", serverName: vm.local}
          workloadIPs: [{ip: 10.9.0.1}]
          ports: [{name: linkerd-proxy, port: 4143}]
        status: {conditions: [{type: Ready, status: "True"}]}
        """;
    ExternalWorkload now = decode(ExternalWorkload.class, yaml.formatted("v1beta1", "meshTLS"));
    ExternalWorkload old = decode(ExternalWorkload.class, yaml.formatted("v1alpha1", "meshTls"));
    assertThat(now.spec()).isEqualTo(old.spec());
    assertThat(now.spec().identity()).isEqualTo("spiffe://root/vm");
    assertThat(now.isReady()).isTrue();
  }

  @Test
  void server_selectorPortAndDefaults_areRead() {
    Server server =
        decode(
            Server.class,
            """
            apiVersion: policy.linkerd.io/v1beta3
            kind: Server
            metadata: {name: api}
            spec:
              port: http
              podSelector:
                matchLabels: {app: api}
                matchExpressions:
                  - {key: tier, operator: In, values: [a, b]}
                  - {key: gone, operator: DoesNotExist}
            """);
    assertThat(server.port()).isEqualTo(PortRef.of("http"));
    assertThat(server.proxyProtocol()).isEqualTo(Server.ProxyProtocol.UNKNOWN);
    assertThat(server.accessPolicy()).isEqualTo(DefaultInboundPolicy.DENY);
    assertThat(server.selector())
        .isEqualTo(
            new Server.Selector.Pods(
                new LabelSelector(
                    Map.of("app", "api"),
                    List.of(
                        new LabelSelector.Expression(
                            "tier", LabelSelector.Operator.IN, List.of("a", "b")),
                        new LabelSelector.Expression(
                            "gone", LabelSelector.Operator.DOES_NOT_EXIST, null)))));
  }

  @Test
  void authorizations_everyForm_areRead() {
    List<Decoded> all =
        decodeAll(
            """
            apiVersion: policy.linkerd.io/v1alpha1
            kind: AuthorizationPolicy
            metadata: {name: p}
            spec:
              targetRef: {group: policy.linkerd.io, kind: Server, name: api}
              requiredAuthenticationRefs:
                - {kind: ServiceAccount, name: web, namespace: shop}
            ---
            apiVersion: policy.linkerd.io/v1alpha1
            kind: MeshTLSAuthentication
            metadata: {name: m}
            spec: {identities: ["*.shop.serviceaccount.identity.linkerd.cluster.local"]}
            ---
            apiVersion: policy.linkerd.io/v1alpha1
            kind: NetworkAuthentication
            metadata: {name: n}
            spec: {networks: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.0.1]}]}
            ---
            apiVersion: policy.linkerd.io/v1beta1
            kind: ServerAuthorization
            metadata: {name: s}
            spec:
              server: {name: api}
              client: {meshTLS: {serviceAccounts: [{name: web}]}, networks: [{cidr: 10.0.0.1}]}
            """);
    assertThat(all).extracting(d -> ((Decoded.Known) d).line()).containsExactly(1, 9, 14, 19);
    AuthorizationPolicy policy = (AuthorizationPolicy) ((Decoded.Known) all.get(0)).resource();
    assertThat(policy.requiredAuthenticationRefs())
        .containsExactly(new ObjectRef("", "ServiceAccount", "shop", "web"));
    MeshTlsAuthentication tls = (MeshTlsAuthentication) ((Decoded.Known) all.get(1)).resource();
    assertThat(tls.identities())
        .containsExactly(
            IdentityPattern.parse("*.shop.serviceaccount.identity.linkerd.cluster.local"));
    NetworkAuthentication networks =
        (NetworkAuthentication) ((Decoded.Known) all.get(2)).resource();
    assertThat(networks.networks())
        .containsExactly(
            new Network(
                Cidr.parse("10.0.0.0/8"),
                List.of(Cidr.parse("10.1.0.0/16"), Cidr.parse("10.2.0.1"))));
    ServerAuthorization old = (ServerAuthorization) ((Decoded.Known) all.get(3)).resource();
    assertThat(old.client())
        .isEqualTo(
            new ServerAuthorization.Client.MeshTls(
                List.of(), List.of(new ObjectRef("", "ServiceAccount", "", "web"))));
  }

  @Test
  void httpRoute_absentMatchesRulesAndRefs_getTheDefaultsOfTheirGroup() {
    String yaml =
        """
        apiVersion: %s
        kind: HTTPRoute
        metadata: {name: r}
        spec:
          parentRefs: [{name: api}]
          rules:
            - backendRefs: [{name: b, port: 80}]
        """;
    HttpRoute own = decode(HttpRoute.class, yaml.formatted("policy.linkerd.io/v1beta3"));
    HttpRoute gateway = decode(HttpRoute.class, yaml.formatted("gateway.networking.k8s.io/v1"));
    HttpRoute old = decode(HttpRoute.class, yaml.formatted("policy.linkerd.io/v1beta1"));

    assertThat(own.kind()).isEqualTo(ResourceKind.POLICY_HTTP_ROUTE);
    assertThat(own.parentRefs().getFirst().ref())
        .isEqualTo(new ObjectRef("policy.linkerd.io", "Gateway", "", "api"));
    assertThat(gateway.parentRefs().getFirst().ref().group())
        .isEqualTo("gateway.networking.k8s.io");
    assertThat(own.rules().getFirst().matches()).containsExactly(HttpRoute.Match.ANY);
    assertThat(own.rules().getFirst().backendRefs().getFirst().backend())
        .isEqualTo(new Route.BackendRef(new ObjectRef("", "Service", "", "b"), 80, 1));
    assertThat(old.rules().getFirst().backendRefs().getFirst().backend().ref().namespace())
        .isEqualTo("default");
  }

  @Test
  void httpRoute_everyField_isRead() {
    HttpRoute route =
        decode(
            HttpRoute.class,
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: r}
            spec:
              parentRefs: [{group: core, kind: Service, name: api, port: 80, sectionName: s}]
              hostnames: ["*.example.com"]
              rules:
                - matches:
                    - path: {type: Exact, value: /a}
                      headers: [{name: x, value: "1"}, {type: RegularExpression, name: y, value: .*}]
                      queryParams: [{name: q, value: v}]
                      method: GET
                    - path: {type: RegularExpression, value: "/b.*"}
                  filters:
                    - type: RequestHeaderModifier
                      requestHeaderModifier: {set: [{name: a, value: b}], remove: [c]}
                    - type: RequestRedirect
                      requestRedirect: {hostname: h, path: {type: ReplacePrefixMatch, replacePrefixMatch: /z}}
                    - type: URLRewrite
                      urlRewrite: {}
                  timeouts: {request: 1s}
                  backendRefs: [{name: b, port: 80, weight: 0, filters: [{type: RequestMirror}]}]
            status:
              parents:
                - parentRef: {group: core, kind: Service, name: api}
                  controllerName: linkerd.io/policy-controller
                  conditions: [{type: Accepted, status: "True"}]
            """);
    HttpRoute.Rule rule = route.rules().getFirst();
    assertThat(rule.matches().getFirst())
        .isEqualTo(
            new HttpRoute.Match(
                new HttpRoute.PathMatch.Exact("/a"),
                List.of(
                    new Route.NamedMatch("x", new Route.ValueMatch.Exact("1")),
                    new Route.NamedMatch("y", new Route.ValueMatch.Regex(".*"))),
                List.of(new Route.NamedMatch("q", new Route.ValueMatch.Exact("v"))),
                "GET"));
    assertThat(rule.filters())
        .containsExactly(
            new Route.Filter.RequestHeaderModifier(
                new Route.HeaderModifier(
                    List.of(new Route.Header("a", "b")), List.of(), List.of("c"))),
            new Route.Filter.RequestRedirect("", "h", new Route.RedirectPath.Prefix("/z"), 0, 302),
            new Route.Filter.Unsupported("URLRewrite"));
    assertThat(rule.backendRefs().getFirst().backend().weight()).isZero();
    assertThat(rule.timeouts()).isEqualTo(new HttpRoute.Timeouts("1s", ""));
    assertThat(route.parentStatuses().getFirst().isAccepted()).isTrue();
  }

  @Test
  void otherRoutes_rulesAndBackends_areRead() {
    GrpcRoute grpc =
        decode(
            GrpcRoute.class,
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: GRPCRoute
            metadata: {name: g}
            spec: {rules: [{matches: [{method: {service: s, method: m}}, {}]}]}
            """);
    assertThat(grpc.rules().getFirst().matches())
        .containsExactly(
            new GrpcRoute.Match(new GrpcRoute.MethodMatch.Exact("s", "m"), List.of()),
            new GrpcRoute.Match(new GrpcRoute.MethodMatch.Exact("", ""), List.of()));
    TlsRoute tls =
        decode(
            TlsRoute.class,
            """
            apiVersion: gateway.networking.k8s.io/v1alpha2
            kind: TLSRoute
            metadata: {name: t}
            spec: {hostnames: [a.b], rules: [{backendRefs: [{name: b, port: 1}]}]}
            """);
    assertThat(tls.rules()).hasSize(1);
    TcpRoute tcp =
        decode(
            TcpRoute.class,
            """
            apiVersion: gateway.networking.k8s.io/v1alpha2
            kind: TCPRoute
            metadata: {name: t}
            spec: {rules: [{backendRefs: [{name: b, port: 1, weight: 7}]}]}
            """);
    assertThat(tcp.rules().getFirst().getFirst().weight()).isEqualTo(7);
  }

  @Test
  void limitsAndEgress_areRead() {
    HttpLocalRateLimitPolicy limit =
        decode(
            HttpLocalRateLimitPolicy.class,
            """
            apiVersion: policy.linkerd.io/v1alpha1
            kind: HTTPLocalRateLimitPolicy
            metadata: {name: l}
            spec:
              targetRef: {group: policy.linkerd.io, kind: Server, name: api}
              total: {requestsPerSecond: 4294967295}
              overrides: [{requestsPerSecond: 1, clientRefs: [{kind: ServiceAccount, name: w}]}]
            """);
    assertThat(limit.total()).isEqualTo(OptionalLong.of(4294967295L));
    assertThat(limit.identity()).isEmpty();
    assertThat(limit.overrides()).hasSize(1);
    EgressNetwork egress =
        decode(
            EgressNetwork.class,
            """
            apiVersion: policy.linkerd.io/v1alpha1
            kind: EgressNetwork
            metadata: {name: e}
            spec: {trafficPolicy: Deny}
            """);
    assertThat(egress.trafficPolicy()).isEqualTo(EgressNetwork.TrafficPolicy.DENY);
    assertThat(egress.networks()).isEqualTo(Optional.empty());
  }

  @Test
  void serviceProfile_conditionsBudgetAndSplit_areRead() {
    ServiceProfile profile =
        decode(
            ServiceProfile.class,
            """
            apiVersion: linkerd.io/v1alpha2
            kind: ServiceProfile
            metadata: {name: api.shop.svc.cluster.local, namespace: shop}
            spec:
              routes:
                - name: get
                  condition: {method: GET, pathRegex: /a, not: {pathRegex: /b}}
                  isRetryable: true
                  timeout: 25ms
                  responseClasses: [{condition: {status: {min: 500, max: 599}}, isFailure: true}]
              retryBudget: {retryRatio: 0.2, minRetriesPerSecond: 10, ttl: 10s}
              dstOverrides:
                - {authority: a.shop.svc.cluster.local, weight: 500m}
                - {authority: b.shop.svc.cluster.local, weight: 2}
                - {authority: c.shop.svc.cluster.local, weight: "1e1"}
            """);
    assertThat(profile.routes().getFirst().condition())
        .isEqualTo(
            new ServiceProfile.RequestMatch.All(
                List.of(
                    new ServiceProfile.RequestMatch.Method("GET"),
                    new ServiceProfile.RequestMatch.Not(
                        new ServiceProfile.RequestMatch.PathRegex("/b")),
                    new ServiceProfile.RequestMatch.PathRegex("/a"))));
    assertThat(profile.dstOverrides())
        .extracting(ServiceProfile.DstOverride::weightMillis)
        .containsExactly(500L, 2000L, 10_000L);
  }

  @Test
  void list_ofItems_isUnfoldedWithForeignKindsTold() {
    List<Decoded> all =
        decodeAll(
            """
            apiVersion: v1
            kind: List
            items:
              - {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
              - {apiVersion: apps/v1, kind: Deployment, metadata: {name: d}}
            """);
    assertThat(all).hasSize(2);
    assertThat(all.getLast()).isEqualTo(new Decoded.Foreign("apps/v1", "Deployment"));
  }

  @Test
  void wrongType_isToldWithPathValueAndLine() {
    assertThatThrownBy(
            () ->
                decodeAll(
                    """
                    apiVersion: v1
                    kind: Service
                    metadata: {name: a}
                    spec:
                      ports:
                        - port: 80
                        - port: eighty
                    """))
        .isInstanceOfSatisfying(
            DecodeException.class,
            e -> {
              assertThat(e)
                  .hasMessage(
                      "spec.ports[1].port: found \"eighty\", expected a whole number, 1 to 65535");
              assertThat(e.line()).isEqualTo(7);
            });
  }

  @Test
  void missingField_isToldWithTheLineOfItsObject() {
    assertThatThrownBy(
            () ->
                decodeAll(
                    """
                    apiVersion: policy.linkerd.io/v1beta3
                    kind: Server
                    metadata: {name: a}
                    spec:
                      podSelector: {}
                    """))
        .hasMessage("spec.port: missing, expected a port number, 1 to 65535, or a port name");
  }

  @Test
  void unquotedNumber_whereTextIsDue_isRefusedWithTheFix() {
    assertThatThrownBy(
            () -> decodeAll("{apiVersion: v1, kind: Node, metadata: {name: n, labels: {v: 1}}}"))
        .hasMessage("metadata.labels.v: found 1, expected a string; fix: put it in quotes");
  }

  @Test
  void version_unknown_isRefusedWithTheKnownOnes() {
    assertThatThrownBy(
            () ->
                decodeAll("{apiVersion: policy.linkerd.io/v9, kind: Server, metadata: {name: a}}"))
        .hasMessageContaining("found \"policy.linkerd.io/v9\"")
        .hasMessageContaining("policy.linkerd.io/v1beta3");
  }

  @Test
  void kind_misspeltInTheMeshsGroup_isRefused() {
    assertThatThrownBy(() -> decodeAll("{apiVersion: policy.linkerd.io/v1beta3, kind: Sever}"))
        .hasMessage("kind: found \"Sever\", expected a kind of group policy.linkerd.io");
  }

  @ParameterizedTest
  @EnumSource(ResourceKind.class)
  void everyKind_fromGarbage_isRefusedOrDecoded(ResourceKind kind) {
    for (String version : kind.versions()) {
      String apiVersion = kind.apiVersion(version);
      for (String spec : List.of("[]", "7", "{port: []}", "{}", "{rules: [[]]}")) {
        String yaml =
            "{apiVersion: %s, kind: %s, metadata: {name: a}, spec: %s}"
                .formatted(apiVersion, kind.kind(), spec);
        try {
          assertThat(decodeAll(yaml)).hasSize(1);
        } catch (DecodeException e) {
          assertThat(e.getMessage()).contains("expected");
        }
      }
    }
  }
}

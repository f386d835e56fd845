package dev.weft.destination.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.destination.DestinationGrpc;
import dev.weft.api.destination.DestinationProfile;
import dev.weft.api.destination.GetDestination;
import dev.weft.api.destination.Update;
import dev.weft.api.destination.WeightedAddr;
import dev.weft.api.net.TcpAddress;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The service as it runs: manifests on one side, a gRPC client on the other. Held by the
 * application in the JVM of the test, and by the packaged program.
 */
@Timeout(60)
abstract class DestinationContract {
  private ManifestDirectory manifests;
  private ManagedChannel channel;
  private final List<Received<?, ?>> open = new ArrayList<>();

  /** The port of the service, which listens in plaintext. */
  abstract int port();

  /** What the service reads. */
  abstract ManifestDirectory manifests();

  @BeforeEach
  void connect() {
    manifests = manifests();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port()).usePlaintext().build();
  }

  @AfterEach
  void disconnect() {
    open.forEach(Received::cancel);
    channel.shutdownNow();
    manifests.clear();
  }

  private Received<GetDestination, Update> get(String path) {
    Received<GetDestination, Update> received = new Received<>();
    open.add(received);
    DestinationGrpc.newStub(channel).get(request(path), received);
    return received;
  }

  private Received<GetDestination, DestinationProfile> getProfile(String path) {
    Received<GetDestination, DestinationProfile> received = new Received<>();
    open.add(received);
    DestinationGrpc.newStub(channel).getProfile(request(path), received);
    return received;
  }

  private static GetDestination request(String path) {
    return GetDestination.newBuilder()
        .setPath(path)
        .setContextToken("{\"ns\":\"client\",\"nodeName\":\"\",\"pod\":\"web\"}\n")
        .build();
  }

  private static String service(String name) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: shop}
    spec:
      clusterIP: 10.96.0.7
      selector: {app: %s}
      ports: [{name: http, port: 80, targetPort: 8080}]
    ---
    """
        .formatted(name, name);
  }

  private static String slice(String service, String... pods) {
    StringBuilder yaml =
        new StringBuilder(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: %s-1, namespace: shop, labels: {kubernetes.io/service-name: %s}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints:
            """
                .formatted(service, service));
    for (String pod : pods) {
      yaml.append(
          "- {addresses: [127.0.1.%s], targetRef: {kind: Pod, name: api-%s, namespace: shop}}\n"
              .formatted(pod, pod));
    }
    return yaml.append("---\n").toString();
  }

  private static String pod(String n, String annotations) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: api-%s
      namespace: shop
      labels: {app: api, linkerd.io/control-plane-ns: linkerd}
      annotations: %s
    spec:
      serviceAccountName: api
      containers:
        - name: linkerd-proxy
          env: [{name: LINKERD2_PROXY_INBOUND_LISTEN_ADDR, value: "127.0.1.%s:4143"}]
          ports: [{name: linkerd-proxy, containerPort: 4143}]
    status: {phase: Running, podIP: 127.0.1.%s}
    ---
    """
        .formatted(n, annotations, n, n);
  }

  private static String text(TcpAddress address) {
    int ip = address.getIp().getIpv4();
    return (ip >>> 24)
        + "."
        + (ip >>> 16 & 255)
        + "."
        + (ip >>> 8 & 255)
        + "."
        + (ip & 255)
        + ":"
        + address.getPort();
  }

  /** What a client which does as the contract says knows after these updates. */
  private static Map<String, WeightedAddr> fold(List<Update> updates) {
    Map<String, WeightedAddr> known = new LinkedHashMap<>();
    for (Update update : updates) {
      switch (update.getUpdateCase()) {
        case ADD -> update.getAdd().getAddrsList().forEach(a -> known.put(text(a.getAddr()), a));
        case REMOVE -> update.getRemove().getAddrsList().forEach(a -> known.remove(text(a)));
        case NO_ENDPOINTS -> known.clear();
        case UPDATE_NOT_SET -> throw new AssertionError("an empty update");
      }
    }
    return known;
  }

  @Test
  void get_meshedPod_isToldWithIdentityHintAndTransport() {
    manifests.write("a.yaml", service("told") + slice("told", "2") + pod("2", "{}"));
    Received<GetDestination, Update> updates = awaitKnown("told.shop.svc.cluster.local:80");

    Update first = updates.await(1).getFirst();

    assertThat(first.getAdd().getMetricLabelsMap())
        .isEqualTo(Map.of("service", "told", "namespace", "shop"));
    WeightedAddr endpoint = fold(List.of(first)).get("127.0.1.2:8080");
    assertThat(endpoint.getWeight()).isEqualTo(10_000);
    assertThat(endpoint.getTlsIdentity().getDnsLikeIdentity().getName())
        .isEqualTo("api.shop.serviceaccount.identity.linkerd.cluster.local");
    assertThat(endpoint.getTlsIdentity().getServerName().getName())
        .isEqualTo("api.shop.serviceaccount.identity.linkerd.cluster.local");
    assertThat(endpoint.getProtocolHint().hasH2()).isTrue();
    assertThat(endpoint.getProtocolHint().getOpaqueTransport().getInboundPort()).isEqualTo(4143);
    assertThat(endpoint.getHttp2().getKeepAlive().getInterval().getSeconds()).isEqualTo(10);
    assertThat(endpoint.getMetricLabelsMap())
        .containsEntry("pod", "api-2")
        .containsEntry("serviceaccount", "api")
        .containsEntry("control_plane_ns", "linkerd")
        .containsEntry("zone_locality", "unknown");
  }

  /** The service sees files a moment after they are written; until then a name is not found. */
  private Received<GetDestination, Update> awaitKnown(String path) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              Received<GetDestination, Update> updates = get(path);
              try {
                updates.await(messages -> assertThat(messages).isNotEmpty());
                return updates;
              } catch (org.awaitility.core.ConditionTimeoutException e) {
                return null;
              }
            },
            updates -> updates != null);
  }

  @Test
  void get_endpointsChange_onlyTheDifferenceIsSent() {
    manifests.write(
        "d.yaml", service("diff") + slice("diff", "2") + pod("2", "{}") + pod("3", "{}"));
    Received<GetDestination, Update> updates = awaitKnown("diff.shop.svc.cluster.local");

    manifests.write(
        "d.yaml", service("diff") + slice("diff", "2", "3") + pod("2", "{}") + pod("3", "{}"));
    Update second = updates.await(2).getLast();
    assertThat(fold(List.of(second)).keySet()).containsExactly("127.0.1.3:8080");

    manifests.write(
        "d.yaml", service("diff") + slice("diff", "3") + pod("2", "{}") + pod("3", "{}"));
    Update third = updates.await(3).getLast();
    assertThat(third.getRemove().getAddrsList()).hasSize(1);

    manifests.write("d.yaml", service("diff") + pod("2", "{}") + pod("3", "{}"));
    Update fourth = updates.await(4).getLast();
    assertThat(fourth.hasRemove()).isTrue();
    assertThat(fold(updates.soFar())).isEmpty();

    manifests.delete("d.yaml");
    Update fifth = updates.await(5).getLast();
    assertThat(fifth.hasNoEndpoints()).isTrue();
    assertThat(fifth.getNoEndpoints().getExists()).isFalse();
  }

  @Test
  void get_serviceWithoutEndpoints_isToldAtOnce() {
    manifests.write("e.yaml", service("empty"));

    Update first = awaitKnown("empty.shop.svc.cluster.local:80").await(1).getFirst();

    assertThat(first.getNoEndpoints().getExists()).isTrue();
  }

  @Test
  void get_refusals_haveTheContractsStatus() {
    manifests.write(
        "x.yaml",
        "{apiVersion: v1, kind: Service, metadata: {name: out, namespace: shop},"
            + " spec: {type: ExternalName}}");

    assertThat(get("nobody.shop.svc.cluster.local:80").awaitEnd().getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(get("example.com:80").awaitEnd().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(get("10.0.0.1:80").awaitEnd().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(get("a.b.svc.cluster.local:0").awaitEnd().getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(getProfile("example.com").awaitEnd().getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                get("out.shop.svc.cluster.local:80").awaitEnd().getCode()
                    == Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void getProfile_nameClusterIpAndPodIp_areAnswered() {
    manifests.write(
        "p.yaml",
        service("prof")
            + slice("prof", "9")
            + pod("9", "{config.linkerd.io/opaque-ports: '9000'}"));
    awaitKnown("prof.shop.svc.cluster.local:80");

    DestinationProfile byName = getProfile("prof.shop.svc.cluster.local:80").await(1).getFirst();
    DestinationProfile byPodIp = getProfile("127.0.1.9:9000").await(1).getFirst();
    DestinationProfile unknown = getProfile("192.0.2.1:5432").await(1).getFirst();
    DestinationProfile undeclared =
        getProfile("prof.shop.svc.cluster.local:81").await(1).getFirst();

    assertThat(byName.getFullyQualifiedName()).isEqualTo("prof.shop.svc.cluster.local");
    assertThat(byName.getRetryBudget().getMinRetriesPerSecond()).isEqualTo(10);
    assertThat(byName.getParentRef().getResource().getName()).isEqualTo("prof");
    assertThat(byPodIp.getOpaqueProtocol()).isTrue();
    assertThat(byPodIp.getEndpoint().getProtocolHint().hasOpaque()).isTrue();
    assertThat(byPodIp.getEndpoint().getMetricLabelsMap()).containsEntry("namespace", "shop");
    assertThat(unknown.getOpaqueProtocol()).isTrue();
    assertThat(text(unknown.getEndpoint().getAddr())).isEqualTo("192.0.2.1:5432");
    assertThat(unknown.getEndpoint().hasTlsIdentity()).isFalse();
    assertThat(undeclared).isEqualTo(DestinationProfile.getDefaultInstance());
  }

  @Test
  void get_brokenManifest_keepsTheLastAnswer() {
    manifests.write("b.yaml", service("broken") + slice("broken", "2") + pod("2", "{}"));
    Received<GetDestination, Update> updates = awaitKnown("broken.shop.svc.cluster.local:80");

    manifests.write("b.yaml", "kind: [");
    manifests.write("c.yaml", service("other"));
    awaitKnown("other.shop.svc.cluster.local:80");

    assertThat(updates.soFar()).hasSize(1);
    assertThat(fold(get("broken.shop.svc.cluster.local:80").await(1))).hasSize(1);
  }
}

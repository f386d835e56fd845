package dev.weft.policyservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.weft.api.meta.Metadata;
import dev.weft.api.meta.Resource;
import dev.weft.api.net.IPAddress;
import dev.weft.api.net.TcpAddress;
import dev.weft.api.outbound.Backend;
import dev.weft.api.outbound.HttpRoute;
import dev.weft.api.outbound.OutboundPolicy;
import dev.weft.api.outbound.ProxyProtocol;
import dev.weft.api.outbound.TrafficSpec;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outbound policy over real gRPC, of manifests that change. */
class OutboundServiceTest {
  private static final String API = "api.shop.svc.cluster.local";

  @TempDir Path directory;
  private Mesh mesh;

  @BeforeEach
  void start() throws Exception {
    mesh = new Mesh(directory);
    mesh.write("service.yaml", Manifests.SERVICE);
    await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .until(() -> mesh.get(Mesh.to(API)) != null);
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void service_byName_detectsAndBalancesOverItsEndpoints() {
    OutboundPolicy policy = mesh.get(Mesh.to(API + ".:80"));

    assertThat(policy.getMetadata()).isEqualTo(metadata(80));
    ProxyProtocol.Detect detect = policy.getProtocol().getDetect();
    assertThat(detect.getTimeout().getSeconds()).isEqualTo(10);
    assertThat(detect.getOpaque().getRoutesCount()).isEqualTo(1);
    assertThat(detect.getOpaque().getRoutes(0).getRulesCount()).isEqualTo(1);
    assertThat(detect.getHttp2().getRoutesList()).isEqualTo(detect.getHttp1().getRoutesList());
    HttpRoute route = detect.getHttp1().getRoutes(0);
    assertThat(route.getMetadata().getDefault()).isEqualTo("http");
    HttpRoute.Rule rule = route.getRules(0);
    assertThat(rule.getMatches(0).getPath().getPrefix()).isEqualTo("/");
    assertThat(rule.hasTimeouts()).isTrue();
    assertThat(rule.hasRequestTimeout()).isFalse();
    Backend backend = rule.getBackends().getFirstAvailable().getBackends(0).getBackend();
    assertThat(backend.getMetadata()).isEqualTo(metadata(80));
    assertThat(backend.getQueue().getCapacity()).isEqualTo(100);
    assertThat(backend.getQueue().getFailfastTimeout().getSeconds()).isEqualTo(3);
    assertThat(backend.getBalancer().getDiscovery().getDst().getPath()).isEqualTo(API + ":80");
    assertThat(backend.getBalancer().getPeakEwma().getDefaultRtt().getNanos())
        .isEqualTo(30_000_000);
    assertThat(backend.getBalancer().getPeakEwma().getDecay().getSeconds()).isEqualTo(10);
  }

  @Test
  void service_byAddress_isTheSameAsByName() {
    assertThat(mesh.get(Mesh.to("10.96.0.10", 80))).isEqualTo(mesh.get(Mesh.to(API)));
  }

  @Test
  void portNotDeclared_byAddress_isForbidden() {
    OutboundPolicy policy = mesh.get(Mesh.to("10.96.0.10", 81));

    assertThat(policy.getMetadata()).isEqualTo(metadata(81));
    var route = policy.getProtocol().getOpaque().getRoutes(0);
    assertThat(route.getMetadata().getDefault()).isEqualTo("undefined-port");
    assertThat(route.getRules(0).getFilters(0).hasForbidden()).isTrue();
    assertThat(route.getRules(0).getBackends().hasEmpty()).isTrue();
  }

  @Test
  void address_outsideTheCluster_isForwarded() {
    OutboundPolicy policy = mesh.get(Mesh.to("1.2.3.4", 443));

    assertThat(policy.getMetadata().getDefault()).isEqualTo("egress-fallback");
    HttpRoute.Rule rule = policy.getProtocol().getDetect().getHttp1().getRoutes(0).getRules(0);
    assertThat(rule.getMatchesList())
        .containsExactly(dev.weft.api.httproute.HttpRouteMatch.getDefaultInstance());
    var forward = rule.getBackends().getFirstAvailable().getBackends(0).getBackend().getForward();
    assertThat(forward.getWeight()).isEqualTo(1);
    assertThat(forward.getAddr())
        .isEqualTo(
            TcpAddress.newBuilder()
                .setIp(IPAddress.newBuilder().setIpv4(0x01020304))
                .setPort(443)
                .build());
  }

  @Test
  void targets_unknown_areNotFound() {
    for (TrafficSpec spec :
        List.of(
            Mesh.to("10.96.0.99", 80),
            Mesh.to("example.com"),
            Mesh.to("example.com.svc.cluster.local"),
            Mesh.to("gone.shop.svc.cluster.local:80"))) {
      assertThat(code(spec)).as("%s", spec).isEqualTo(Status.Code.NOT_FOUND);
    }
  }

  @Test
  void requests_malformed_areInvalidArgument() {
    for (TrafficSpec spec :
        List.of(
            TrafficSpec.newBuilder().setSourceWorkload(Mesh.WEB).build(),
            Mesh.to(API).toBuilder().setSourceWorkload("web").build(),
            Mesh.to(""),
            Mesh.to(":80"),
            Mesh.to("api:http"),
            Mesh.to("1.2.3.4", 0),
            Mesh.to("1.2.3.4", 65_536),
            TrafficSpec.newBuilder()
                .setSourceWorkload(Mesh.WEB)
                .setAddr(TcpAddress.newBuilder().setPort(80))
                .build())) {
      assertThat(code(spec)).as("%s", spec).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void service_edited_reachesTheWatcherOnce() throws Exception {
    Received<OutboundPolicy> watch = mesh.watch(Mesh.to(API));
    assertThat(watch.next().getProtocol().hasDetect()).isTrue();

    mesh.write("service.yaml", Manifests.SERVICE.replace("shop}", "shop, labels: {a: b}}"));
    mesh.write(
        "service.yaml", Manifests.SERVICE.replace("port: 80,", "port: 80, appProtocol: http,"));
    assertThat(watch.next().getProtocol().hasHttp1()).isTrue();
    mesh.write(
        "service.yaml",
        Manifests.SERVICE.replace(
            "shop}", "shop, annotations: {config.linkerd.io/opaque-ports: '80'}}"));
    assertThat(watch.next().getProtocol().hasOpaque()).isTrue();
    assertThat(watch.isQuiet()).isTrue();
  }

  @Test
  void service_deleted_leavesItsStreamsAsTheyAre() throws Exception {
    Received<OutboundPolicy> watch = mesh.watch(Mesh.to(API));
    watch.next();

    mesh.delete("service.yaml");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                catchThrowableOfType(StatusRuntimeException.class, () -> mesh.get(Mesh.to(API)))
                    != null);
    assertThat(code(Mesh.to("10.96.0.10", 80))).isEqualTo(Status.Code.NOT_FOUND);
    mesh.write(
        "service.yaml", Manifests.SERVICE.replace("port: 80,", "port: 80, appProtocol: http,"));
    assertThat(watch.next().getProtocol().hasHttp1()).isTrue();
    assertThat(watch.isQuiet()).isTrue();
  }

  private Status.Code code(TrafficSpec spec) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> mesh.get(spec))
        .getStatus()
        .getCode();
  }

  private static Metadata metadata(int port) {
    return Metadata.newBuilder()
        .setResource(
            Resource.newBuilder()
                .setGroup("core")
                .setKind("Service")
                .setNamespace("shop")
                .setName("api")
                .setPort(port))
        .build();
  }
}

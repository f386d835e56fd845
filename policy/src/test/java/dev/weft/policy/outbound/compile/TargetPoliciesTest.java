package dev.weft.policy.outbound.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.Authority;
import dev.weft.mesh.Cidr;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.PortRef;
import dev.weft.mesh.PortSet;
import dev.weft.mesh.ServiceName;
import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.mesh.resource.Service;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.outbound.Backend;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.OutboundOpaqueRoute;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.policy.outbound.OutboundProtocol;
import dev.weft.policy.outbound.TcpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetPoliciesTest {
  private static final ServiceName API = new ServiceName("shop", "api");
  private static final PolicyRef REF =
      new PolicyRef.Resource("core", "Service", "shop", "api", 8080);
  private static final Backend BACKEND =
      new Backend(
          REF,
          new Backend.Dispatcher.Balancer(
              "api.shop.svc.cluster.local:8080",
              new Backend.Load.PeakEwma(Duration.ofMillis(30), Duration.ofSeconds(10))),
          new Backend.Queue(100, Duration.ofSeconds(3)));

  private final TargetPolicies policies =
      new TargetPolicies(
          new OutboundSettings(
              "cluster.local", List.of(Cidr.parse("10.0.0.0/8")), PortSet.of(3306)));

  @Test
  void service_withoutRoutes_detectsAndBalances() {
    OutboundPolicy policy = policies.ofService(new ServicePort(API, 8080), Optional.empty());

    assertThat(policy.ref()).isEqualTo(REF);
    assertThat(policy.protocol())
        .isInstanceOfSatisfying(
            OutboundProtocol.Detect.class,
            detect -> {
              assertThat(detect.timeout()).isEqualTo(Duration.ofSeconds(10));
              assertThat(detect.opaque().route())
                  .isEqualTo(
                      new OutboundOpaqueRoute(
                          PolicyRef.builtin("opaq"), List.of(), Distribution.to(BACKEND)));
              assertThat(detect.http2().routes()).isEqualTo(detect.http1().routes());
              var route = detect.http1().routes().getFirst();
              assertThat(route.ref()).isEqualTo(PolicyRef.builtin("http"));
              assertThat(route.rules().getFirst().matches())
                  .containsExactly(HttpRouteMatch.prefix("/"));
              assertThat(route.rules().getFirst().distribution())
                  .isEqualTo(Distribution.to(BACKEND));
            });
  }

  @ParameterizedTest
  @CsvSource({
    "http,              8080, Http1",
    "HTTP,              3306, Http1",
    "kubernetes.io/h2c, 8080, Http2",
    "linkerd.io/opaque, 8080, Opaque",
    "linkerd.io/tcp,    8080, Opaque",
    "redis,             8080, Opaque",
    ",                  8080, Detect",
    ",                  3306, Opaque",
  })
  void appProtocol_ofPort_decidesTheProtocol(
      @Nullable String appProtocol, int port, String expected) {
    assertThat(protocol(service(Map.of(), port, appProtocol), port)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"'8000-8100', Opaque", "'80', Detect", "'8080,http', Detect", "'', Detect"})
  void opaquePorts_ofService_replaceTheDefaultList(String annotation, String expected) {
    Service service = service(Map.of(MeshKeys.OPAQUE_PORTS, annotation), 8080, null);

    assertThat(protocol(service, 8080)).isEqualTo(expected);
    assertThat(protocol(service, 3306)).isEqualTo("Detect");
  }

  @Test
  void undefinedPort_isForbidden() {
    assertThat(policies.undefinedPort(new ServicePort(API, 8080)))
        .isEqualTo(
            new OutboundPolicy(
                REF,
                new OutboundProtocol.Opaque(
                    new OutboundOpaqueRoute(
                        PolicyRef.builtin("undefined-port"),
                        List.of(new TcpFilter.Forbidden()),
                        new Distribution.Empty<>()))));
  }

  @Test
  void fallback_forwardsToTheOriginalAddress() {
    OutboundPolicy policy = policies.fallback(IpAddr.parse("1.2.3.4"), 443);

    assertThat(policy.ref()).isEqualTo(PolicyRef.builtin("egress-fallback"));
    assertThat(policy.protocol())
        .isInstanceOfSatisfying(
            OutboundProtocol.Detect.class,
            detect -> {
              var rule = detect.http1().routes().getFirst().rules().getFirst();
              assertThat(rule.matches()).containsExactly(HttpRouteMatch.ANY);
              assertThat(rule.distribution())
                  .isEqualTo(
                      Distribution.to(
                          new Backend(
                              PolicyRef.builtin("egress-fallback"),
                              new Backend.Dispatcher.Forward(IpAddr.parse("1.2.3.4"), 443),
                              Backend.Queue.DEFAULT)));
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api.shop.svc.cluster.local:8080",
        "api.shop.svc.cluster.local.:8080",
        "API.shop.svc:8080",
        "api.shop.svc.other.domain:8080"
      })
  void authority_ofServiceForm_namesIt(String text) {
    assertThat(ServicePort.of(Authority.parse(text), "cluster.local"))
        .contains(new ServicePort(API, 8080));
  }

  @Test
  void authority_withoutPort_isPort80() {
    assertThat(ServicePort.of(Authority.parse("api.shop.svc"), "cluster.local"))
        .contains(new ServicePort(API, 80));
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "api.shop", "api.shop.pod.cluster.local", "10.0.0.1", ".shop.svc"})
  void authority_ofOtherForm_namesNoService(String text) {
    assertThat(ServicePort.of(Authority.parse(text), "cluster.local")).isEmpty();
  }

  private String protocol(Service service, int port) {
    return policies
        .ofService(new ServicePort(API, port), Optional.of(service))
        .protocol()
        .getClass()
        .getSimpleName();
  }

  private static Service service(
      Map<String, String> annotations, int port, @Nullable String appProtocol) {
    return new Service(
        ObjectMeta.of("shop", "api").withAnnotations(annotations),
        new Service.Spec(
            Service.Type.CLUSTER_IP,
            List.of(),
            false,
            List.of(new Service.Port("p", port, PortRef.of(port), "TCP", appProtocol)),
            Map.of(),
            false,
            List.of()));
  }
}

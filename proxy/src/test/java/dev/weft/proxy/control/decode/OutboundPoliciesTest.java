package dev.weft.proxy.control.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.weft.api.httproute.Timeouts;
import dev.weft.api.meta.Metadata;
import dev.weft.api.meta.Resource;
import dev.weft.api.outbound.Backend;
import dev.weft.api.outbound.ExponentialBackoff;
import dev.weft.api.outbound.FailureAccrual;
import dev.weft.api.outbound.HttpRoute;
import dev.weft.api.outbound.OpaqueRoute;
import dev.weft.api.outbound.OutboundPolicy;
import dev.weft.api.outbound.ProxyProtocol;
import dev.weft.api.outbound.Queue;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.outbound.Backend.Dispatcher;
import dev.weft.policy.outbound.Backend.Load;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.OutboundHttpRoute;
import dev.weft.policy.outbound.OutboundProtocol;
import dev.weft.policy.route.HttpFilter;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutboundPoliciesTest {
  private static final String API = "api.shop.svc.cluster.local:8080";

  @Test
  void decode_serviceWithoutRoutesOfItsOwn_balancesOverItsName() {
    var policy = OutboundPolicies.decode(policy().build());

    assertThat(policy.ref())
        .isEqualTo(new PolicyRef.Resource("core", "Service", "shop", "api", 8080));
    assertThat(rule(policy).distribution())
        .isEqualTo(
            Distribution.to(
                new dev.weft.policy.outbound.Backend(
                    new PolicyRef.Resource("core", "Service", "shop", "api", 8080),
                    new Dispatcher.Balancer(API, Load.DEFAULT),
                    new dev.weft.policy.outbound.Backend.Queue(
                        100, java.time.Duration.ofSeconds(3)))));
  }

  @Test
  void decode_oldRequestTimeout_countsWhereTheNewIsAbsent() {
    var old = OutboundPolicies.decode(policyOf(ruleBuilder().setRequestTimeout(seconds(2))));
    var both =
        OutboundPolicies.decode(
            policyOf(
                ruleBuilder()
                    .setRequestTimeout(seconds(2))
                    .setTimeouts(Timeouts.newBuilder().setRequest(seconds(3)))));

    assertThat(rule(old).timeouts().request()).isEqualTo(java.time.Duration.ofSeconds(2));
    assertThat(rule(both).timeouts().request()).isEqualTo(java.time.Duration.ofSeconds(3));
  }

  @Test
  void decode_singleWeightedBackend_isTheFirst() {
    HttpRoute.Distribution one =
        HttpRoute.Distribution.newBuilder()
            .setRandomAvailable(
                HttpRoute.Distribution.RandomAvailable.newBuilder()
                    .addBackends(HttpRoute.WeightedRouteBackend.newBuilder().setBackend(backend())))
            .build();

    assertThat(
            rule(OutboundPolicies.decode(policyOf(ruleBuilder().setBackends(one)))).distribution())
        .isInstanceOf(Distribution.FirstAvailable.class);
  }

  @Test
  void decode_backendWithoutKind_failsWhatReachesIt() {
    OutboundPolicy.Builder message = policy();
    Backend.Builder backend = backendOf(message);
    backend.clearKind();

    assertThat(rule(OutboundPolicies.decode(message.build())).distribution())
        .isInstanceOfSatisfying(
            Distribution.FirstAvailable.class,
            first ->
                assertThat(((Distribution.RouteBackend<?>) first.backends().getFirst()).backend())
                    .extracting(b -> b.dispatcher())
                    .isEqualTo(new Dispatcher.None()));
  }

  /** A message with one unusable part. */
  record Bad(String what, Consumer<OutboundPolicy.Builder> spoil) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Bad> badParts() {
    return Stream.of(
        new Bad("no metadata", OutboundPolicy.Builder::clearMetadata),
        new Bad(
            "metadata without namespace",
            p -> p.getMetadataBuilder().getResourceBuilder().clearNamespace()),
        new Bad("no protocol", OutboundPolicy.Builder::clearProtocol),
        new Bad(
            "detect without opaque", p -> p.getProtocolBuilder().getDetectBuilder().clearOpaque()),
        new Bad(
            "detect without http2", p -> p.getProtocolBuilder().getDetectBuilder().clearHttp2()),
        new Bad("no distribution", p -> ruleOf(p).clearBackends()),
        new Bad("backend without queue", p -> backendOf(p).clearQueue()),
        new Bad(
            "queue without timeout", p -> backendOf(p).getQueueBuilder().clearFailfastTimeout()),
        new Bad(
            "balancer without discovery", p -> backendOf(p).getBalancerBuilder().clearDiscovery()),
        new Bad("balancer without load", p -> backendOf(p).getBalancerBuilder().clearLoad()),
        new Bad(
            "retry without conditions",
            p -> ruleOf(p).setRetry(HttpRoute.Retry.getDefaultInstance())),
        new Bad(
            "filter without kind",
            p -> ruleOf(p).addFilters(HttpRoute.Filter.getDefaultInstance())),
        new Bad(
            "regular expression",
            p ->
                ruleOf(p)
                    .addMatches(
                        dev.weft.api.httproute.HttpRouteMatch.newBuilder()
                            .setPath(dev.weft.api.httproute.PathMatch.newBuilder().setRegex("(")))),
        new Bad(
            "two opaque routes",
            p ->
                p.getProtocolBuilder()
                    .getDetectBuilder()
                    .getOpaqueBuilder()
                    .addRoutes(OpaqueRoute.getDefaultInstance())
                    .addRoutes(OpaqueRoute.getDefaultInstance())),
        new Bad(
            "accrual without backoff",
            p ->
                p.getProtocolBuilder()
                    .getDetectBuilder()
                    .getHttp1Builder()
                    .setFailureAccrual(
                        FailureAccrual.newBuilder()
                            .setConsecutiveFailures(
                                FailureAccrual.ConsecutiveFailures.newBuilder()
                                    .setMaxFailures(7)))),
        new Bad(
            "backoff upside down",
            p ->
                ruleOf(p)
                    .setRetry(
                        HttpRoute.Retry.newBuilder()
                            .setConditions(HttpRoute.Retry.Conditions.getDefaultInstance())
                            .setBackoff(
                                ExponentialBackoff.newBuilder()
                                    .setMinBackoff(seconds(2))
                                    .setMaxBackoff(seconds(1))))));
  }

  @ParameterizedTest
  @MethodSource("badParts")
  void decode_oneUnusablePart_makesTheWholeInvalid(Bad bad) {
    OutboundPolicy.Builder message = policy();
    bad.spoil.accept(message);
    var policy = OutboundPolicies.decode(message.build());

    assertThat(policy.ref()).isEqualTo(PolicyRef.builtin("invalid"));
    assertThat(rule(policy).filters()).singleElement().isInstanceOf(HttpFilter.Unusable.class);
  }

  private static OutboundHttpRoute.Rule rule(dev.weft.policy.outbound.OutboundPolicy policy) {
    return ((OutboundProtocol.Detect) policy.protocol())
        .http1()
        .routes()
        .getFirst()
        .rules()
        .getFirst();
  }

  private static HttpRoute.Rule.Builder ruleOf(OutboundPolicy.Builder policy) {
    return policy
        .getProtocolBuilder()
        .getDetectBuilder()
        .getHttp1Builder()
        .getRoutesBuilder(0)
        .getRulesBuilder(0);
  }

  private static Backend.Builder backendOf(OutboundPolicy.Builder policy) {
    return ruleOf(policy)
        .getBackendsBuilder()
        .getFirstAvailableBuilder()
        .getBackendsBuilder(0)
        .getBackendBuilder();
  }

  private static OutboundPolicy policyOf(HttpRoute.Rule.Builder rule) {
    OutboundPolicy.Builder policy = policy();
    policy
        .getProtocolBuilder()
        .getDetectBuilder()
        .getHttp1Builder()
        .getRoutesBuilder(0)
        .setRules(0, rule);
    return policy.build();
  }

  private static OutboundPolicy.Builder policy() {
    HttpRoute route =
        HttpRoute.newBuilder()
            .setMetadata(Metadata.newBuilder().setDefault("http"))
            .addRules(ruleBuilder())
            .build();
    return OutboundPolicy.newBuilder()
        .setMetadata(service())
        .setProtocol(
            ProxyProtocol.newBuilder()
                .setDetect(
                    ProxyProtocol.Detect.newBuilder()
                        .setTimeout(seconds(10))
                        .setOpaque(ProxyProtocol.Opaque.getDefaultInstance())
                        .setHttp1(ProxyProtocol.Http1.newBuilder().addRoutes(route))
                        .setHttp2(ProxyProtocol.Http2.newBuilder().addRoutes(route))));
  }

  private static HttpRoute.Rule.Builder ruleBuilder() {
    return HttpRoute.Rule.newBuilder()
        .setBackends(
            HttpRoute.Distribution.newBuilder()
                .setFirstAvailable(
                    HttpRoute.Distribution.FirstAvailable.newBuilder().addBackends(backend())));
  }

  private static HttpRoute.RouteBackend.Builder backend() {
    return HttpRoute.RouteBackend.newBuilder()
        .setBackend(
            Backend.newBuilder()
                .setMetadata(service())
                .setQueue(Queue.newBuilder().setCapacity(100).setFailfastTimeout(seconds(3)))
                .setBalancer(
                    Backend.BalanceP2c.newBuilder()
                        .setDiscovery(
                            Backend.EndpointDiscovery.newBuilder()
                                .setDst(
                                    Backend.EndpointDiscovery.DestinationGet.newBuilder()
                                        .setPath(API)))
                        .setPeakEwma(
                            Backend.BalanceP2c.PeakEwma.newBuilder()
                                .setDefaultRtt(Duration.newBuilder().setNanos(30_000_000))
                                .setDecay(seconds(10)))));
  }

  private static Metadata service() {
    return Metadata.newBuilder()
        .setResource(
            Resource.newBuilder()
                .setGroup("core")
                .setKind("Service")
                .setNamespace("shop")
                .setName("api")
                .setPort(8080))
        .build();
  }

  private static Duration seconds(int n) {
    return Duration.newBuilder().setSeconds(n).build();
  }
}

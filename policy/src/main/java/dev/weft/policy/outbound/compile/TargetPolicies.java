package dev.weft.policy.outbound.compile;

import dev.weft.mesh.IpAddr;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.Service;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.outbound.Backend;
import dev.weft.policy.outbound.Distribution;
import dev.weft.policy.outbound.FailureAccrual;
import dev.weft.policy.outbound.OutboundHttpRoute;
import dev.weft.policy.outbound.OutboundOpaqueRoute;
import dev.weft.policy.outbound.OutboundPolicy;
import dev.weft.policy.outbound.OutboundProtocol;
import dev.weft.policy.outbound.TcpFilter;
import dev.weft.policy.route.HttpRouteMatch;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The policies of targets to which no route is attached. Source: facts/policy.md 3.1, 3.2.
 *
 * @param settings what they depend on besides objects
 */
public record TargetPolicies(OutboundSettings settings) {
  private static final PolicyRef HTTP = PolicyRef.builtin("http");
  private static final PolicyRef OPAQUE = PolicyRef.builtin("opaq");
  private static final PolicyRef UNDEFINED_PORT = PolicyRef.builtin("undefined-port");
  private static final PolicyRef FALLBACK = PolicyRef.builtin("egress-fallback");

  /**
   * The policy of a port of a Service: to its endpoints.
   *
   * @param service the Service, if it exists
   */
  // TODO(#6): attached routes.
  public OutboundPolicy ofService(ServicePort target, Optional<Service> service) {
    ServiceAnnotations said =
        service.map(object -> ServiceAnnotations.of(object.meta())).orElse(ServiceAnnotations.NONE);
    List<OutboundHttpRoute> http =
        List.of(route(HTTP, HttpRouteMatch.prefix("/"), balanced(target, said.load()), said));
    FailureAccrual accrual = said.accrual();
    OutboundProtocol protocol =
        switch (AppProtocol.of(service, target.port(), settings.opaquePorts())) {
          case UNSAID -> detect(opaque(balanced(target, said.load())), http, accrual);
          case HTTP_1 -> new OutboundProtocol.Http1(http, accrual);
          case HTTP_2 -> new OutboundProtocol.Http2(http, accrual);
          case OPAQUE -> opaque(balanced(target, Backend.Load.DEFAULT));
        };
    return new OutboundPolicy(ref(target), protocol);
  }

  private Backend balanced(ServicePort target, Backend.Load load) {
    return new Backend(
        ref(target),
        new Backend.Dispatcher.Balancer(target.authority(settings.clusterDomain()), load),
        Backend.Queue.DEFAULT);
  }

  /** The policy of an address of a Service at a port which it does not declare: refused. */
  public OutboundPolicy undefinedPort(ServicePort target) {
    var route =
        new OutboundOpaqueRoute(
            UNDEFINED_PORT, List.of(new TcpFilter.Forbidden()), new Distribution.Empty<>());
    return new OutboundPolicy(ref(target), new OutboundProtocol.Opaque(route));
  }

  /** The policy of an address outside the cluster: to where it was going. */
  public OutboundPolicy fallback(IpAddr address, int port) {
    var backend =
        new Backend(FALLBACK, new Backend.Dispatcher.Forward(address, port), Backend.Queue.DEFAULT);
    return new OutboundPolicy(
        FALLBACK,
        detect(
            new OutboundProtocol.Opaque(opaque(FALLBACK, backend)),
            List.of(route(FALLBACK, HttpRouteMatch.ANY, backend, ServiceAnnotations.NONE)),
            null));
  }

  private static OutboundProtocol.Detect detect(
      OutboundProtocol.Opaque opaque,
      List<OutboundHttpRoute> http,
      @Nullable FailureAccrual accrual) {
    return new OutboundProtocol.Detect(
        OutboundPolicy.DEFAULT_DETECT_TIMEOUT,
        opaque,
        new OutboundProtocol.Http1(http, accrual),
        new OutboundProtocol.Http2(http, accrual));
  }

  private static OutboundHttpRoute route(
      PolicyRef ref, HttpRouteMatch match, Backend backend, ServiceAnnotations said) {
    var rule =
        new OutboundHttpRoute.Rule(
            List.of(match),
            List.of(),
            Distribution.to(backend),
            said.timeouts(),
            said.retry(),
            false);
    return new OutboundHttpRoute(ref, List.of(), List.of(rule));
  }

  private static OutboundProtocol.Opaque opaque(Backend backend) {
    return new OutboundProtocol.Opaque(opaque(OPAQUE, backend));
  }

  private static OutboundOpaqueRoute opaque(PolicyRef ref, Backend backend) {
    return new OutboundOpaqueRoute(ref, List.of(), Distribution.to(backend));
  }

  private static PolicyRef ref(ServicePort target) {
    return new PolicyRef.Resource(
        ObjectRef.CORE,
        "Service",
        target.service().namespace(),
        target.service().name(),
        target.port());
  }
}

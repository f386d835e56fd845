package dev.weft.policy.inbound.compile;

import dev.weft.mesh.resource.GrpcRoute;
import dev.weft.mesh.resource.HttpRoute;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Route;
import dev.weft.policy.InvalidPolicyException;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.InboundGrpcRoute;
import dev.weft.policy.inbound.InboundHttpRoute;
import dev.weft.policy.objects.ObjectStore;
import dev.weft.policy.objects.OldestFirst;
import dev.weft.policy.objects.Problem;
import dev.weft.policy.route.HttpFilter;
import dev.weft.policy.route.RouteObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The routes of one namespace which inbound policy can honour, oldest first. A route that cannot be
 * used attaches to nothing and is told to {@code problems}. Backends, timeouts and annotations have
 * no effect here. Source: facts/policy.md 2.5.
 */
final class Routes {
  private final InboundSettings.Acceptance acceptance;
  private final Authorizations authorizations;
  private final List<Entry<InboundHttpRoute>> http = new ArrayList<>();
  private final List<Entry<InboundGrpcRoute>> grpc = new ArrayList<>();

  private record Entry<T>(Route source, T converted) {}

  Routes(
      InboundSettings settings,
      String namespace,
      ObjectStore objects,
      Authorizations authorizations,
      Consumer<Problem> problems) {
    acceptance = settings.acceptance();
    this.authorizations = authorizations;
    List<HttpRoute> httpRoutes =
        new ArrayList<>(objects.list(ResourceKind.POLICY_HTTP_ROUTE, namespace, HttpRoute.class));
    httpRoutes.addAll(objects.list(ResourceKind.HTTP_ROUTE, namespace, HttpRoute.class));
    httpRoutes.sort(OldestFirst.thenNameAndKind());
    for (HttpRoute route : httpRoutes) {
      usable(route, () -> convert(route), problems).ifPresent(http::add);
    }
    List<GrpcRoute> grpcRoutes =
        new ArrayList<>(objects.list(ResourceKind.GRPC_ROUTE, namespace, GrpcRoute.class));
    grpcRoutes.sort(OldestFirst.thenName());
    for (GrpcRoute route : grpcRoutes) {
      usable(route, () -> convert(route), problems).ifPresent(grpc::add);
    }
  }

  List<InboundHttpRoute> httpOf(String server) {
    return attached(http, server);
  }

  List<InboundGrpcRoute> grpcOf(String server) {
    return attached(grpc, server);
  }

  private <T> List<T> attached(List<Entry<T>> entries, String server) {
    return entries.stream()
        .filter(entry -> RouteAttachment.isFor(entry.source(), server, acceptance))
        .map(Entry::converted)
        .toList();
  }

  private static <T> Optional<Entry<T>> usable(
      Route route, Supplier<T> conversion, Consumer<Problem> problems) {
    if (route.parentRefs().stream().noneMatch(parent -> parent.ref().is(ResourceKind.SERVER))) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Entry<>(route, conversion.get()));
    } catch (InvalidPolicyException e) {
      problems.accept(new Problem(route.key(), String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  private InboundHttpRoute convert(HttpRoute route) {
    return new InboundHttpRoute(
        ref(route),
        RouteObjects.hosts(route.hostnames()),
        authorizations.ofRoute(route.kind(), route.meta().name()),
        route.rules().stream()
            .map(
                rule ->
                    new InboundHttpRoute.Rule(
                        rule.matches().stream().map(RouteObjects::match).toList(),
                        rule.filters().stream()
                            .map(RouteObjects::httpFilter)
                            .filter(filter -> !(filter instanceof HttpFilter.ResponseHeaders))
                            .toList()))
            .toList());
  }

  private InboundGrpcRoute convert(GrpcRoute route) {
    return new InboundGrpcRoute(
        ref(route),
        RouteObjects.hosts(route.hostnames()),
        authorizations.ofRoute(route.kind(), route.meta().name()),
        route.rules().stream()
            .map(
                rule ->
                    new InboundGrpcRoute.Rule(
                        rule.matches().stream().map(RouteObjects::match).toList(),
                        rule.filters().stream()
                            .map(RouteObjects::grpcFilter)
                            .flatMap(Optional::stream)
                            .toList()))
            .toList());
  }

  private static PolicyRef ref(Route route) {
    return PolicyRef.of(route.kind().group(), route.kind().kind(), "", route.meta().name());
  }
}

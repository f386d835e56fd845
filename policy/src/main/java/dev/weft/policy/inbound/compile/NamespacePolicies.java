package dev.weft.policy.inbound.compile;

import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.mesh.resource.Server;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.Authorization;
import dev.weft.policy.inbound.HttpRouting;
import dev.weft.policy.inbound.InboundGrpcRoute;
import dev.weft.policy.inbound.InboundHttpRoute;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.inbound.InboundProtocol;
import dev.weft.policy.inbound.RateLimit;
import dev.weft.policy.inbound.StandardAuthorizations;
import dev.weft.policy.objects.ObjectStore;
import dev.weft.policy.objects.OldestFirst;
import dev.weft.policy.objects.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The policies of all ports of one namespace, compiled from its objects at one moment. What does
 * not depend on the workload is compiled once, so asking for one port is cheap.
 *
 * <p>Immutable, and safe for all threads. Source: facts/policy.md 2.3, 2.4.
 */
public final class NamespacePolicies {
  private static final String SERVER_KIND = "server";

  private final InboundSettings settings;
  private final List<CompiledServer> servers;
  private final List<Problem> problems;

  private record CompiledServer(
      Server source,
      PolicyRef ref,
      List<Authorization> authorizations,
      List<InboundHttpRoute> httpRoutes,
      List<InboundGrpcRoute> grpcRoutes,
      @Nullable RateLimit rateLimit) {}

  private NamespacePolicies(
      InboundSettings settings, List<CompiledServer> servers, List<Problem> problems) {
    this.settings = settings;
    this.servers = servers;
    this.problems = problems;
  }

  /** Compiles the objects of a namespace, with the authentications they refer to anywhere. */
  public static NamespacePolicies compile(
      InboundSettings settings, String namespace, ObjectStore objects) {
    List<Problem> problems = new ArrayList<>();
    var authorizations = new Authorizations(settings, namespace, objects, problems::add);
    var routes = new Routes(settings, namespace, objects, authorizations, problems::add);
    var rateLimits = new RateLimits(settings, namespace, objects, problems::add);
    List<CompiledServer> servers =
        objects.list(ResourceKind.SERVER, namespace, Server.class).stream()
            .sorted(OldestFirst.thenName())
            .map(
                server -> {
                  String name = server.meta().name();
                  return new CompiledServer(
                      server,
                      PolicyRef.of(ResourceKind.SERVER.group(), SERVER_KIND, "", name),
                      authorizations.ofServer(server),
                      routes.httpOf(name),
                      routes.grpcOf(name),
                      rateLimits.ofServer(name));
                })
            .toList();
    return new NamespacePolicies(settings, servers, List.copyOf(problems));
  }

  /** The objects of the namespace that do not count, and why. */
  public List<Problem> problems() {
    return problems;
  }

  /**
   * The policy of a port, whether or not the workload declares it: that of the oldest Server which
   * is for it, else the default.
   *
   * @param workload a workload of this namespace
   * @param port 1 to 65535
   */
  public InboundPolicy of(Workload workload, int port) {
    for (CompiledServer server : servers) {
      if (workload.isServedBy(server.source(), port)) {
        return new InboundPolicy(
            server.ref(), protocol(server, workload, port), server.authorizations());
      }
    }
    return byDefault(workload, port);
  }

  private InboundProtocol protocol(CompiledServer server, Workload workload, int port) {
    return switch (server.source().proxyProtocol()) {
      case UNKNOWN ->
          new InboundProtocol.Detect(
              InboundPolicy.DEFAULT_DETECT_TIMEOUT, http(server, workload, port));
      case HTTP_1 -> new InboundProtocol.Http1(http(server, workload, port));
      case HTTP_2 -> new InboundProtocol.Http2(http(server, workload, port));
      case GRPC ->
          new InboundProtocol.Grpc(
              server.grpcRoutes().isEmpty() ? DefaultRoutes.grpc() : server.grpcRoutes());
      case OPAQUE -> new InboundProtocol.Opaque();
      case TLS -> new InboundProtocol.Tls();
    };
  }

  private HttpRouting http(CompiledServer server, Workload workload, int port) {
    List<InboundHttpRoute> routes =
        server.httpRoutes().isEmpty() ? defaultRoutes(workload, port) : server.httpRoutes();
    return new HttpRouting(routes, server.rateLimit());
  }

  private InboundPolicy byDefault(Workload workload, int port) {
    DefaultInboundPolicy configured = workload.defaultPolicy().orElse(settings.defaultPolicy());
    DefaultInboundPolicy mode =
        workload.identityPorts().contains(port) ? configured.authenticated() : configured;
    InboundProtocol protocol =
        workload.opaquePorts().contains(port)
            ? new InboundProtocol.Opaque()
            : new InboundProtocol.Detect(
                InboundPolicy.DEFAULT_DETECT_TIMEOUT,
                new HttpRouting(defaultRoutes(workload, port), null));
    return new InboundPolicy(
        PolicyRef.builtin(mode.toString()),
        protocol,
        StandardAuthorizations.of(mode, settings.clusterNetworks()));
  }

  private List<InboundHttpRoute> defaultRoutes(Workload workload, int port) {
    return DefaultRoutes.http(
        workload.probePaths().getOrDefault(port, List.of()), settings.probeNetworks());
  }
}

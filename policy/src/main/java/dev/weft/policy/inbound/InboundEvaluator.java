package dev.weft.policy.inbound;

import dev.weft.policy.InvalidPolicyException;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.route.RequestContext;
import dev.weft.policy.route.RouteHit;
import dev.weft.policy.route.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges connections and requests by one {@link InboundPolicy}, compiled once. Authorizations of
 * the matched route are tried before those of the port, and after both {@link
 * Authorization#LOCALHOST}; the first that admits wins. The proxy, {@code weft explain} and tests
 * all use this class, so an explanation cannot drift from what is enforced.
 *
 * <p>Immutable and safe for all threads. Admitting allocates nothing beyond what {@link RouteTable}
 * does; refusing makes the list of reasons.
 *
 * <p>Source: facts/proxy.md 2.1, 2.2, 2.6.
 */
public final class InboundEvaluator {
  private static final PolicyRef DEFAULT_ROUTE = PolicyRef.builtin("default");

  private final InboundPolicy policy;
  private final @Nullable String problem;
  private final Gate port;
  private final boolean carriesConnections;
  private final RouteTable<Gate> routes;
  private final List<PolicyRef> routeRefs;

  private InboundEvaluator(InboundPolicy policy, Loopback loopback, @Nullable String problem) {
    this.policy = policy;
    this.problem = problem;
    List<Authorization> authorizations = new ArrayList<>(policy.authorizations());
    if (loopback == Loopback.OWN && !policy.isInvalid()) {
      authorizations.add(Authorization.LOCALHOST);
    }
    List<CompiledAuthorization> compiled =
        authorizations.stream().map(CompiledAuthorization::new).toList();
    port = Gate.of(policy.server(), null, compiled, RuleFilters.NONE);
    var table = new GateTable(policy.server(), compiled);
    carriesConnections =
        switch (policy.protocol()) {
          case InboundProtocol.Detect detect -> {
            table.http(detect.http().routes());
            yield true;
          }
          case InboundProtocol.Http1 http1 -> {
            table.http(http1.http().routes());
            yield false;
          }
          case InboundProtocol.Http2 http2 -> {
            table.http(http2.http().routes());
            yield false;
          }
          case InboundProtocol.Grpc grpc -> {
            table.grpc(grpc.routes());
            yield false;
          }
          case InboundProtocol.Opaque _, InboundProtocol.Tls _ -> {
            table.http(List.of());
            yield true;
          }
        };
    routes = table.build();
    routeRefs = table.routeRefs();
  }

  /** Whose the loopback addresses are. */
  public enum Loopback {
    /**
     * The workload's alone, as in a pod: whoever comes from there is the workload, and admitted.
     */
    OWN,
    /**
     * The whole machine's, as with workloads side by side in explicit mode: all clients come from
     * there, and are judged like any other.
     */
    SHARED
  }

  /** Compiles a policy for a workload with loopback addresses of its {@link Loopback#OWN}. */
  public static InboundEvaluator of(InboundPolicy policy) {
    return of(policy, Loopback.OWN);
  }

  /**
   * Compiles a policy. One that cannot be compiled, because of a regular expression for instance,
   * is judged as {@link InboundPolicy#invalid}: it refuses everything, and {@link #problem} says
   * why.
   */
  public static InboundEvaluator of(InboundPolicy policy, Loopback loopback) {
    try {
      return new InboundEvaluator(policy, loopback, null);
    } catch (InvalidPolicyException e) {
      String cause = policy.server().display() + " cannot be enforced; cause: " + e.getMessage();
      return new InboundEvaluator(InboundPolicy.invalid(cause), loopback, cause);
    }
  }

  /** The policy that is judged by. */
  public InboundPolicy policy() {
    return policy;
  }

  /** Why the given policy could not be compiled and everything is refused; empty if it could. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /**
   * Judges a connection that is forwarded without being read as HTTP. Where the policy says HTTP or
   * gRPC, such a connection is always refused.
   */
  public Decision judgeConnection(Client client) {
    if (!carriesConnections) {
      return new Decision.Denied(policy.server(), null, client, List.of(), true);
    }
    return port.judge(client);
  }

  /**
   * Judges a request. Where the policy has no routes for the protocol, every request is on a route
   * named {@code default} with the port's authorizations.
   */
  public Decision judgeRequest(Client client, RequestContext request) {
    RouteHit<Gate> hit = routes.find(request);
    return hit == null
        ? new Decision.NoRoute(policy.server(), routeRefs)
        : hit.target().judge(client);
  }

  /** Collects the rules of all routes with who may use them. */
  private static final class GateTable {
    private final PolicyRef server;
    private final List<CompiledAuthorization> portAuthorizations;
    private final RouteTable.Builder<Gate> table = RouteTable.builder();
    private final List<PolicyRef> refs = new ArrayList<>();

    GateTable(PolicyRef server, List<CompiledAuthorization> portAuthorizations) {
      this.server = server;
      this.portAuthorizations = portAuthorizations;
    }

    void http(List<InboundHttpRoute> routes) {
      if (routes.isEmpty()) {
        everything();
      }
      for (InboundHttpRoute route : routes) {
        List<CompiledAuthorization> authorizations = enter(route.ref(), route.authorizations());
        for (InboundHttpRoute.Rule rule : route.rules()) {
          HttpRules.add(
              table,
              route.hosts(),
              rule,
              filters -> Gate.of(server, route.ref(), authorizations, filters));
        }
      }
    }

    void grpc(List<InboundGrpcRoute> routes) {
      if (routes.isEmpty()) {
        everything();
      }
      for (InboundGrpcRoute route : routes) {
        List<CompiledAuthorization> authorizations = enter(route.ref(), route.authorizations());
        for (InboundGrpcRoute.Rule rule : route.rules()) {
          RuleFilters filters =
              rule.filters().isEmpty() ? RuleFilters.NONE : new RuleFilters.Grpc(rule.filters());
          table.grpc(
              route.hosts(), rule.matches(), Gate.of(server, route.ref(), authorizations, filters));
        }
      }
    }

    private List<CompiledAuthorization> enter(PolicyRef route, List<Authorization> own) {
      refs.add(route);
      List<CompiledAuthorization> all = new ArrayList<>();
      own.forEach(authorization -> all.add(new CompiledAuthorization(authorization)));
      all.addAll(portAuthorizations);
      return all;
    }

    private void everything() {
      refs.add(DEFAULT_ROUTE);
      table.http(
          List.of(),
          List.of(),
          Gate.of(server, DEFAULT_ROUTE, portAuthorizations, RuleFilters.NONE));
    }

    RouteTable<Gate> build() {
      return table.build();
    }

    List<PolicyRef> routeRefs() {
      return List.copyOf(refs);
    }
  }
}

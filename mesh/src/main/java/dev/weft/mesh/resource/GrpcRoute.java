package dev.weft.mesh.resource;

import java.util.List;

/**
 * A route for gRPC.
 *
 * @param meta metadata
 * @param parentRefs what it attaches to
 * @param hostnames the hosts it is for, a leading {@code *.} for any below; empty for all
 * @param rules rules in order
 * @param parentStatuses what controllers said
 */
public record GrpcRoute(
    ObjectMeta meta,
    List<ParentRef> parentRefs,
    List<String> hostnames,
    List<Rule> rules,
    List<ParentStatus> parentStatuses)
    implements Route {
  /** Copies the lists. */
  public GrpcRoute {
    parentRefs = List.copyOf(parentRefs);
    hostnames = List.copyOf(hostnames);
    rules = List.copyOf(rules);
    parentStatuses = List.copyOf(parentStatuses);
  }

  @Override
  public ResourceKind kind() {
    return ResourceKind.GRPC_ROUTE;
  }

  /**
   * A rule.
   *
   * @param matches which calls, any of them; empty for all
   * @param filters what is done to them
   * @param backendRefs where they go; empty for where they were going anyway
   */
  public record Rule(
      List<Match> matches, List<Filter> filters, List<HttpRoute.Backend> backendRefs) {
    /** Copies the lists. */
    public Rule {
      matches = List.copyOf(matches);
      filters = List.copyOf(filters);
      backendRefs = List.copyOf(backendRefs);
    }
  }

  /**
   * Which calls; all parts must match.
   *
   * @param method by service and method
   * @param headers by headers
   */
  public record Match(MethodMatch method, List<NamedMatch> headers) {
    /** Copies the list. */
    public Match {
      headers = List.copyOf(headers);
    }
  }

  /** By service and method; an empty name matches any. */
  public sealed interface MethodMatch {
    /**
     * These names.
     *
     * @param service the service; empty for any
     * @param method the method; empty for any
     */
    record Exact(String service, String method) implements MethodMatch {}

    /**
     * By regular expressions, which the mesh does not have.
     *
     * @param service the service; empty for any
     * @param method the method; empty for any
     */
    record Regex(String service, String method) implements MethodMatch {}
  }
}

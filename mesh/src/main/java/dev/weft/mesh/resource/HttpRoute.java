package dev.weft.mesh.resource;

import java.util.List;

/**
 * A route for HTTP, in the mesh's own group or the Gateway API's.
 *
 * @param kind {@link ResourceKind#POLICY_HTTP_ROUTE} or {@link ResourceKind#HTTP_ROUTE}
 * @param meta metadata
 * @param parentRefs what it attaches to
 * @param hostnames the hosts it is for, a leading {@code *.} for any below; empty for all
 * @param rules rules in order
 * @param parentStatuses what controllers said
 */
public record HttpRoute(
    ResourceKind kind,
    ObjectMeta meta,
    List<ParentRef> parentRefs,
    List<String> hostnames,
    List<Rule> rules,
    List<ParentStatus> parentStatuses)
    implements Route {
  /** Copies the lists, checks the kind. */
  public HttpRoute {
    if (kind != ResourceKind.POLICY_HTTP_ROUTE && kind != ResourceKind.HTTP_ROUTE) {
      throw new IllegalArgumentException(kind + " is no kind of HTTP route");
    }
    parentRefs = List.copyOf(parentRefs);
    hostnames = List.copyOf(hostnames);
    rules = List.copyOf(rules);
    parentStatuses = List.copyOf(parentStatuses);
  }

  /**
   * A rule.
   *
   * @param matches which requests, any of them; empty where the manifest has an empty list
   * @param filters what is done to them
   * @param backendRefs where they go; empty for where they were going anyway
   * @param timeouts how long they may take
   */
  public record Rule(
      List<Match> matches, List<Filter> filters, List<Backend> backendRefs, Timeouts timeouts) {
    /** Copies the lists. */
    public Rule {
      matches = List.copyOf(matches);
      filters = List.copyOf(filters);
      backendRefs = List.copyOf(backendRefs);
    }
  }

  /**
   * Which requests; all parts must match.
   *
   * @param path by path
   * @param headers by headers
   * @param queryParams by query parameters
   * @param method by method; empty for any
   */
  public record Match(
      PathMatch path, List<NamedMatch> headers, List<NamedMatch> queryParams, String method) {
    /** What a rule without matches gets by its schema: every path. */
    public static final Match ANY = new Match(new PathMatch.Prefix("/"), List.of(), List.of(), "");

    /** Copies the lists. */
    public Match {
      headers = List.copyOf(headers);
      queryParams = List.copyOf(queryParams);
    }
  }

  /** By path. */
  public sealed interface PathMatch {
    /**
     * This path.
     *
     * @param path the path
     */
    record Exact(String path) implements PathMatch {}

    /**
     * This path and all below it, by whole segments.
     *
     * @param prefix the path
     */
    record Prefix(String prefix) implements PathMatch {}

    /**
     * By regular expression.
     *
     * @param regex the expression as written
     */
    record Regex(String regex) implements PathMatch {}
  }

  /**
   * Where a rule sends requests.
   *
   * @param backend the object, port and weight
   * @param filters what is done to requests that go there
   */
  public record Backend(BackendRef backend, List<Filter> filters) {
    /** Copies the list. */
    public Backend {
      filters = List.copyOf(filters);
    }
  }

  /**
   * How long requests may take, as written: Go durations in the mesh's own group, Gateway API
   * durations in the other; empty where not said.
   *
   * @param request the whole request
   * @param backendRequest one attempt
   */
  public record Timeouts(String request, String backendRequest) {
    /** Nothing said. */
    public static final Timeouts NONE = new Timeouts("", "");
  }
}

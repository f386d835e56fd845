package dev.weft.mesh.resource;

import java.util.List;

/** A route of any protocol: parents it attaches to, and what their controllers said. */
public sealed interface Route extends Resource permits HttpRoute, GrpcRoute, TlsRoute, TcpRoute {
  /** What the route wants to attach to. */
  List<ParentRef> parentRefs();

  /** What controllers said about each parent. */
  List<ParentStatus> parentStatuses();

  /**
   * What a route attaches to.
   *
   * @param ref the object, with the defaults of the route's own group filled in; a namespace left
   *     empty is the route's own
   * @param sectionName a part of it; empty for none
   * @param port a port of it; 0 for all
   */
  record ParentRef(ObjectRef ref, String sectionName, int port) {}

  /**
   * What a controller said about a parent.
   *
   * @param parentRef the parent
   * @param controllerName the controller
   * @param conditions what it said
   */
  record ParentStatus(ParentRef parentRef, String controllerName, List<Condition> conditions) {
    /** Copies the list. */
    public ParentStatus {
      conditions = List.copyOf(conditions);
    }

    /** Whether the controller accepted the route for this parent. */
    public boolean isAccepted() {
      return conditions.stream().anyMatch(condition -> condition.holds("Accepted"));
    }
  }

  /**
   * Where a rule sends traffic, without filters.
   *
   * @param ref the object; a namespace left empty is for the reader to decide
   * @param port its port; 0 for none
   * @param weight its share, 0 to 1000000
   */
  record BackendRef(ObjectRef ref, int port, int weight) {}

  /** How a header or query parameter is compared. */
  sealed interface ValueMatch {
    /**
     * Equal.
     *
     * @param value the value
     */
    record Exact(String value) implements ValueMatch {}

    /**
     * By regular expression.
     *
     * @param regex the expression as written
     */
    record Regex(String regex) implements ValueMatch {}
  }

  /**
   * A named value to be matched: a header or a query parameter.
   *
   * @param name the name as written
   * @param value the comparison
   */
  record NamedMatch(String name, ValueMatch value) {}

  /**
   * A header to set or add.
   *
   * @param name the name
   * @param value the value
   */
  record Header(String name, String value) {}

  /**
   * Changes to headers.
   *
   * @param set headers that replace those of the same name
   * @param add headers that join those of the same name
   * @param remove names of headers to remove
   */
  record HeaderModifier(List<Header> set, List<Header> add, List<String> remove) {
    /** Copies the lists. */
    public HeaderModifier {
      set = List.copyOf(set);
      add = List.copyOf(add);
      remove = List.copyOf(remove);
    }
  }

  /** What a rule or a backend does to requests and responses. */
  sealed interface Filter {
    /**
     * Changes request headers.
     *
     * @param modifier the changes
     */
    record RequestHeaderModifier(HeaderModifier modifier) implements Filter {}

    /**
     * Changes response headers.
     *
     * @param modifier the changes
     */
    record ResponseHeaderModifier(HeaderModifier modifier) implements Filter {}

    /**
     * Sends the client elsewhere.
     *
     * @param scheme {@code http} or {@code https}; empty keeps it
     * @param hostname the host; empty keeps it
     * @param path what becomes of the path
     * @param port the port; 0 leaves it to the scheme
     * @param statusCode the status of the answer
     */
    record RequestRedirect(
        String scheme, String hostname, RedirectPath path, int port, int statusCode)
        implements Filter {}

    /**
     * A filter the mesh does not have.
     *
     * @param type as written; may be empty
     */
    record Unsupported(String type) implements Filter {}
  }

  /** What a redirect does to the path. */
  sealed interface RedirectPath {
    /** Keeps it. */
    record Keep() implements RedirectPath {}

    /**
     * Replaces it.
     *
     * @param path the new path
     */
    record Full(String path) implements RedirectPath {}

    /**
     * Replaces the prefix that matched.
     *
     * @param prefix the new prefix
     */
    record Prefix(String prefix) implements RedirectPath {}
  }
}

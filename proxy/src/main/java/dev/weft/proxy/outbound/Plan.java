package dev.weft.proxy.outbound;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.route.RouteTable;
import dev.weft.proxy.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * What is done with connections and requests to one target: the policy, compiled for one lane.
 * Replaced as a whole when profile or policy change.
 *
 * @param parent the policy's object, for metrics
 * @param mode how connections are treated
 * @param http1 rules for HTTP/1; null where there is no HTTP/1
 * @param http2 rules for HTTP/2; null where there is no HTTP/2
 * @param opaque where bytes go; null where none may pass
 * @param tls rules by server name, for {@link Mode#TLS}; null otherwise
 * @param failure why nothing may pass, for {@link Mode#REFUSE}; empty otherwise
 */
record Plan(
    PolicyRef parent,
    Mode mode,
    @Nullable HttpRoutes http1,
    @Nullable HttpRoutes http2,
    @Nullable TcpRule opaque,
    @Nullable RouteTable<TcpRule> tls,
    String failure) {

  /** How a connection is treated. */
  enum Mode {
    DETECT("detect"),
    HTTP_1("http/1"),
    HTTP_2("http/2"),
    OPAQUE("opaq"),
    /** TLS of the application's own, routed by server name. */
    TLS("tls"),
    /** It is closed. */
    REFUSE("");

    private final String label;

    Mode(String label) {
      this.label = label;
    }

    /** Value of the {@code protocol} label. */
    String label() {
      return label;
    }
  }

  /** The rules for requests of a version, or null. */
  @Nullable HttpRoutes routes(HttpVersion version) {
    return version == HttpVersion.HTTP_2 ? http2 : http1;
  }
}

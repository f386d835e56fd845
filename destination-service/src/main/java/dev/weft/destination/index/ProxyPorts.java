package dev.weft.destination.index;

import dev.weft.mesh.Authority;
import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.resource.Pod;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the proxy of a pod listens, as its environment says.
 *
 * @param inbound the port that takes the mesh's connections
 * @param admin the port for probes and metrics
 * @param control the port for tap
 */
record ProxyPorts(int inbound, int admin, int control) {
  /**
   * Reads the proxy container of a pod; empty if there is none, if it does not say where its
   * inbound side listens, or if what it says is no {@code IP:port}. The two others are the proxy's
   * own defaults where nothing is said.
   */
  static Optional<ProxyPorts> of(Pod pod) {
    Optional<Map<String, String>> env = pod.proxyContainer().map(Pod.Container::env);
    if (env.isEmpty()) {
      return Optional.empty();
    }
    OptionalInt inbound = port(env.get(), "LINKERD2_PROXY_INBOUND_LISTEN_ADDR", 0);
    OptionalInt admin = port(env.get(), "LINKERD2_PROXY_ADMIN_LISTEN_ADDR", MeshKeys.ADMIN_PORT);
    OptionalInt control =
        port(env.get(), "LINKERD2_PROXY_CONTROL_LISTEN_ADDR", MeshKeys.CONTROL_PORT);
    boolean readable =
        inbound.isPresent() && inbound.getAsInt() != 0 && admin.isPresent() && control.isPresent();
    return readable
        ? Optional.of(new ProxyPorts(inbound.getAsInt(), admin.getAsInt(), control.getAsInt()))
        : Optional.empty();
  }

  /** Whether the port is the proxy's own rather than the application's. */
  boolean isMeta(int port) {
    return port == admin || port == control;
  }

  private static OptionalInt port(Map<String, String> env, String variable, int absent) {
    String text = env.get(variable);
    if (text == null) {
      return OptionalInt.of(absent);
    }
    return Authority.tryParse(text).stream()
        .filter(authority -> authority.hasPort() && authority.ip().isPresent())
        .mapToInt(Authority::port)
        .findFirst();
  }
}

package dev.weft.proxy.inbound;

import dev.weft.api.tap.TapEvent.ProxyDirection;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.Permit;
import dev.weft.proxy.tap.TapSubject;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request to the application as taps see it.
 *
 * @param permit what admitted it
 */
record TappedRequest(Peer peer, Permit permit) implements TapSubject {
  @Override
  public ProxyDirection direction() {
    return ProxyDirection.INBOUND;
  }

  @Override
  public InetSocketAddress source() {
    return peer.address();
  }

  @Override
  public InetSocketAddress destination() {
    return peer.target();
  }

  @Override
  public Map<String, String> sourceLabels() {
    return switch (peer.tls()) {
      case Peer.Tls.Absent(String reason) -> Map.of("tls", reason);
      case Peer.Tls.Passthrough(String serverName) -> Map.of("tls", "passthru", "sni", serverName);
      case Peer.Tls.Mesh mesh ->
          Map.of("tls", "true", "client_id", mesh.identity() == null ? "" : mesh.identity().text());
    };
  }

  @Override
  public Map<String, String> destinationLabels() {
    Map<String, String> labels = new LinkedHashMap<>();
    add(labels, "srv", permit.server());
    if (permit.route() != null) {
      add(labels, "route", permit.route());
    }
    add(labels, "authz", permit.authorization());
    labels.put("tls", "loopback");
    return labels;
  }

  private static void add(Map<String, String> labels, String prefix, PolicyRef ref) {
    labels.put(prefix + "_group", ref.group());
    labels.put(prefix + "_kind", ref.kind());
    labels.put(prefix + "_name", ref.name());
  }

  @Override
  public Map<String, String> routeLabels() {
    return Map.of();
  }
}

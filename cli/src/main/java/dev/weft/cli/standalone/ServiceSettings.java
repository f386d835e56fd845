package dev.weft.cli.standalone;

import dev.weft.mesh.IdentityNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What each service of a standalone control plane is configured with, as system properties. */
final class ServiceSettings {
  private ServiceSettings() {}

  static Path tokenFile(StateDirectory state) {
    return state.run().resolve("destination.token");
  }

  static List<String> of(
      ControlPlaneService service,
      StateDirectory state,
      ControlPlane.Settings settings,
      MeshFile mesh) {
    List<String> properties = new ArrayList<>();
    set(properties, "weft.grpc.host", mesh.host());
    set(properties, "weft.grpc.port", mesh.ports().get(service).grpc());
    set(properties, "weft.admin.host", mesh.host());
    set(properties, "weft.admin.port", mesh.ports().get(service).admin());
    switch (service) {
      case IDENTITY -> identity(properties, state, settings);
      case DESTINATION -> indexer(properties, state, settings, mesh);
      case POLICY -> {
        indexer(properties, state, settings, mesh);
        set(properties, "weft.policy.default-policy", settings.defaultPolicy());
        set(properties, "weft.policy.cluster-networks", mesh.network().clusterNetworks());
        // Readiness is asked for from this machine, as a kubelet does from its node.
        set(properties, "weft.policy.probe-networks", mesh.network().clusterNetworks());
      }
    }
    return properties;
  }

  private static void identity(
      List<String> properties, StateDirectory state, ControlPlane.Settings settings) {
    set(properties, "weft.identity.standalone-directory", state.root());
    set(properties, "weft.identity.issuance-lifetime", settings.leafLifetime());
    // On one machine there is one clock.
    set(properties, "weft.identity.clock-skew-allowance", Duration.ofSeconds(1));
    set(properties, "weft.grpc.tls.enabled", true);
  }

  private static void indexer(
      List<String> properties,
      StateDirectory state,
      ControlPlane.Settings settings,
      MeshFile mesh) {
    String directories =
        settings.directories(state).stream().map(Path::toString).collect(Collectors.joining(","));
    set(properties, "weft.resources.directories", directories);
    set(properties, "weft.grpc.tls.enabled", true);
    set(properties, "weft.grpc.tls.identity", IdentityNames.defaults().destinationService());
    set(
        properties,
        "weft.grpc.tls.identity-service",
        mesh.grpcAddress(ControlPlaneService.IDENTITY));
    set(properties, "weft.grpc.tls.token-file", tokenFile(state));
    set(properties, "weft.grpc.tls.trust-anchors", state.trustAnchors());
  }

  private static void set(List<String> properties, String key, Object value) {
    properties.add("-D" + key + "=" + value);
  }
}

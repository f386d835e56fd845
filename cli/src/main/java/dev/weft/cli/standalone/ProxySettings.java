package dev.weft.cli.standalone;

import dev.weft.mesh.IdentityNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The environment of the proxy of a standalone workload: the contract's variables and our own. */
final class ProxySettings {
  private static final String PREFIX = "LINKERD2_PROXY_";

  private ProxySettings() {}

  static Map<String, String> of(
      WorkloadSpec spec,
      WorkloadNetwork network,
      MeshFile mesh,
      StateDirectory state,
      Path tokenFile)
      throws IOException {
    IdentityNames names = IdentityNames.defaults();
    String pod = "{\"ns\":\"%s\",\"pod\":\"%s\"}".formatted(spec.namespace(), spec.pod());
    Map<String, String> env = new TreeMap<>();
    env.putAll(network.proxyEnvironment());
    env.put(PREFIX + "INBOUND_IPS", String.join(",", network.ips()));
    env.put(PREFIX + "POLICY_CLUSTER_NETWORKS", mesh.network().clusterNetworks());
    env.put(
        PREFIX + "INBOUND_PORTS",
        spec.ports().stream()
            .map(port -> Integer.toString(port.program()))
            .collect(Collectors.joining(",")));
    env.put(PREFIX + "INBOUND_DEFAULT_POLICY", "all-authenticated");
    env.put(PREFIX + "DESTINATION_CONTEXT", pod);
    env.put(PREFIX + "DESTINATION_PROFILE_SUFFIXES", "svc.cluster.local.");
    env.put(PREFIX + "POLICY_WORKLOAD", pod);
    env.put(PREFIX + "IDENTITY_LOCAL_NAME", names.of(spec.account()));
    env.put(PREFIX + "IDENTITY_TRUST_ANCHORS", Files.readString(state.trustAnchors()));
    env.put(PREFIX + "IDENTITY_TOKEN_FILE", tokenFile.toString());
    env.put(PREFIX + "IDENTITY_MIN_REFRESH", "1s");
    service(env, "IDENTITY", mesh, ControlPlaneService.IDENTITY, names.identityService());
    service(env, "DESTINATION", mesh, ControlPlaneService.DESTINATION, names.destinationService());
    service(env, "POLICY", mesh, ControlPlaneService.POLICY, names.destinationService());
    return env;
  }

  private static void service(
      Map<String, String> env,
      String api,
      MeshFile mesh,
      ControlPlaneService service,
      String identity) {
    env.put(PREFIX + api + "_SVC_ADDR", mesh.grpcAddress(service));
    env.put(PREFIX + api + "_SVC_NAME", identity);
  }
}

package dev.weft.policy.inbound.compile;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.IdentityNames;
import dev.weft.mesh.IdentityPattern;
import dev.weft.mesh.LabelSelector;
import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.Network;
import dev.weft.mesh.PortRef;
import dev.weft.mesh.resource.AuthorizationPolicy;
import dev.weft.mesh.resource.MeshTlsAuthentication;
import dev.weft.mesh.resource.NetworkAuthentication;
import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.mesh.resource.ObjectRef;
import dev.weft.mesh.resource.Pod;
import dev.weft.mesh.resource.Server;
import dev.weft.mesh.resource.ServerAuthorization;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Objects of namespace {@code shop}, short to write. */
final class Shop {
  static final String NS = "shop";
  static final String GROUP = "policy.linkerd.io";
  static final Map<String, String> API = Map.of("app", "api", MeshKeys.CONTROL_PLANE_NS, "linkerd");
  static final List<Network> CLUSTER = List.of(Network.of(Cidr.parse("10.0.0.0/8")));

  private Shop() {}

  static InboundSettings settings(DefaultInboundPolicy defaultPolicy) {
    return new InboundSettings(
        IdentityNames.defaults(),
        defaultPolicy,
        CLUSTER,
        Network.ALL,
        InboundSettings.Acceptance.SPEC);
  }

  static ObjectMeta meta(String name) {
    return ObjectMeta.of(NS, name);
  }

  static Pod pod(Map<String, String> annotations, Pod.Container... containers) {
    return new Pod(
        meta("api-1").withLabels(API).withAnnotations(annotations),
        new Pod.Spec("", "default", false, List.of(), List.of(containers)),
        new Pod.Status("Running", List.of(), List.of(), true));
  }

  static Workload workload(Pod pod) {
    return Workload.of(pod).orElseThrow();
  }

  static Pod.Container container(List<Pod.Port> ports, Pod.HttpProbe... probes) {
    return new Pod.Container("app", Map.of(), ports, List.of(probes));
  }

  static Server server(String name, PortRef port, Server.ProxyProtocol protocol) {
    return server(name, port, protocol, DefaultInboundPolicy.DENY);
  }

  static Server server(
      String name, PortRef port, Server.ProxyProtocol protocol, DefaultInboundPolicy access) {
    return new Server(
        meta(name).withLabels(Map.of("tier", "back")),
        new Server.Selector.Pods(LabelSelector.of(Map.of("app", "api"))),
        port,
        protocol,
        access);
  }

  static AuthorizationPolicy policy(String name, ObjectRef target, ObjectRef... required) {
    return new AuthorizationPolicy(meta(name), target, List.of(required));
  }

  static MeshTlsAuthentication meshTls(String name, String... identities) {
    return new MeshTlsAuthentication(
        meta(name), Stream.of(identities).map(IdentityPattern::parse).toList(), List.of());
  }

  static NetworkAuthentication network(String name, String... cidrs) {
    return new NetworkAuthentication(
        meta(name), Stream.of(cidrs).map(Cidr::parse).map(Network::of).toList());
  }

  static ServerAuthorization serverAuthorization(
      String name, String server, ServerAuthorization.Client client, Network... networks) {
    return new ServerAuthorization(
        meta(name), new ServerAuthorization.Servers.ByName(server), List.of(networks), client);
  }

  static ObjectRef ref(String kind, String name) {
    return new ObjectRef(GROUP, kind, "", name);
  }

  static ObjectRef coreRef(String kind, String namespace, String name) {
    return new ObjectRef("", kind, namespace, name);
  }
}

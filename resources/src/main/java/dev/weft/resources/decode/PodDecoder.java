package dev.weft.resources.decode;

import dev.weft.mesh.IpAddr;
import dev.weft.mesh.MeshKeys;
import dev.weft.mesh.PortRange;
import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.mesh.resource.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decodes pods. */
final class PodDecoder {
  private static final String DEFAULT_ACCOUNT = "default";

  /** The only variables kept: where the proxy listens and who it is. */
  private static final Set<String> PROXY_ENV =
      Set.of(
          "LINKERD2_PROXY_INBOUND_LISTEN_ADDR",
          "LINKERD2_PROXY_OUTBOUND_LISTEN_ADDR",
          "LINKERD2_PROXY_OUTBOUND_LISTEN_ADDRS",
          "LINKERD2_PROXY_ADMIN_LISTEN_ADDR",
          "LINKERD2_PROXY_CONTROL_LISTEN_ADDR",
          "LINKERD2_PROXY_IDENTITY_LOCAL_NAME");

  private PodDecoder() {}

  static Pod decode(ObjectMeta meta, Fields object) {
    Fields spec = object.childOrEmpty("spec");
    Fields status = object.childOrEmpty("status");
    String account = spec.textOr("serviceAccountName", "");
    return new Pod(
        meta,
        new Pod.Spec(
            spec.textOr("nodeName", ""),
            account.isEmpty() ? DEFAULT_ACCOUNT : account,
            spec.flagOr("hostNetwork", false),
            spec.objects("initContainers", PodDecoder::container),
            spec.objects("containers", PodDecoder::container)),
        new Pod.Status(
            status.textOr("phase", ""),
            addresses(status, "podIP", "podIPs"),
            addresses(status, "hostIP", "hostIPs"),
            MetaDecoder.conditions(status).stream().anyMatch(c -> c.holds("Ready"))));
  }

  /** The plural field, whose first item is the singular one; else the singular. */
  private static List<IpAddr> addresses(Fields status, String singular, String plural) {
    List<IpAddr> all = status.objects(plural, item -> item.ip("ip"));
    boolean none = all.isEmpty() && !status.textOr(singular, "").isEmpty();
    return none ? List.of(status.ip(singular)) : all;
  }

  private static Pod.Container container(Fields container) {
    String name = container.text("name");
    List<Pod.HttpProbe> probes = new ArrayList<>();
    for (String kind : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      container.child(kind).flatMap(PodDecoder::probe).ifPresent(probes::add);
    }
    return new Pod.Container(
        name,
        name.equals(MeshKeys.PROXY_CONTAINER) ? proxyEnv(container) : Map.of(),
        container.objects("ports", PodDecoder::port),
        probes);
  }

  private static Map<String, String> proxyEnv(Fields container) {
    Map<String, String> kept = new HashMap<>();
    container.objects(
        "env",
        variable -> {
          String name = variable.text("name");
          if (PROXY_ENV.contains(name) && variable.has("value")) {
            kept.put(name, variable.textOr("value", ""));
          }
          return name;
        });
    return kept;
  }

  private static Pod.Port port(Fields port) {
    return new Pod.Port(
        port.textOr("name", ""),
        port.number("containerPort", 1, PortRange.MAX_PORT),
        port.numberOr("hostPort", 0, PortRange.MAX_PORT, 0),
        port.textOr("protocol", "TCP"));
  }

  private static Optional<Pod.HttpProbe> probe(Fields probe) {
    return probe
        .child("httpGet")
        .map(get -> new Pod.HttpProbe(get.textOrNull("path"), get.portRef("port")));
  }
}

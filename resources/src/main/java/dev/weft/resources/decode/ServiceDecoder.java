package dev.weft.resources.decode;

import dev.weft.mesh.IpAddr;
import dev.weft.mesh.PortRange;
import dev.weft.mesh.PortRef;
import dev.weft.mesh.resource.EndpointSlice;
import dev.weft.mesh.resource.ExternalWorkload;
import dev.weft.mesh.resource.ObjectMeta;
import dev.weft.mesh.resource.Service;
import java.util.ArrayList;
import java.util.List;

/** Decodes Services and what stands behind them: slices and external workloads. */
final class ServiceDecoder {
  private static final String NO_CLUSTER_IP = "None";
  private static final String DEFAULT_PROTOCOL = "TCP";
  private static final int MAX_WORKLOAD_IPS = 2;

  private ServiceDecoder() {}

  static Service service(ObjectMeta meta, Fields object) {
    Fields spec = object.childOrEmpty("spec");
    List<String> written = spec.texts("clusterIPs");
    if (written.isEmpty()) {
      written = List.of(spec.textOr("clusterIP", ""));
    }
    List<IpAddr> clusterIps = new ArrayList<>();
    for (String ip : written) {
      if (!ip.isEmpty() && !ip.equals(NO_CLUSTER_IP)) {
        clusterIps.add(
            IpAddr.tryParse(ip)
                .orElseThrow(
                    () ->
                        spec.invalid(
                            "clusterIPs: found \"" + ip + "\", expected an IP address or None")));
      }
    }
    return new Service(
        meta,
        new Service.Spec(
            spec.wordOr("type", List.of(Service.Type.values()), Service.Type.CLUSTER_IP),
            clusterIps,
            written.contains(NO_CLUSTER_IP),
            spec.objects("ports", ServiceDecoder::port),
            spec.textMap("selector"),
            spec.textOr("internalTrafficPolicy", "Cluster").equals("Local"),
            spec.texts("ipFamilies")));
  }

  private static Service.Port port(Fields port) {
    int number = port.number("port", 1, PortRange.MAX_PORT);
    return new Service.Port(
        port.textOr("name", ""),
        number,
        port.has("targetPort") ? port.portRef("targetPort") : PortRef.of(number),
        port.textOr("protocol", DEFAULT_PROTOCOL),
        port.textOrNull("appProtocol"));
  }

  static EndpointSlice endpointSlice(ObjectMeta meta, Fields object) {
    return new EndpointSlice(
        meta,
        object.word("addressType", List.of("IPv4", "IPv6", "FQDN")),
        object.objects("endpoints", ServiceDecoder::endpoint),
        object.objects(
            "ports",
            port ->
                new EndpointSlice.Port(
                    port.textOr("name", ""),
                    port.portOrZero("port"),
                    port.textOr("protocol", DEFAULT_PROTOCOL),
                    port.textOrNull("appProtocol"))));
  }

  private static EndpointSlice.Endpoint endpoint(Fields endpoint) {
    return new EndpointSlice.Endpoint(
        endpoint.texts("addresses"),
        endpoint
            .child("conditions")
            .map(
                conditions ->
                    new EndpointSlice.Conditions(
                        conditions.flagOrNull("ready"),
                        conditions.flagOrNull("serving"),
                        conditions.flagOrNull("terminating")))
            .orElse(EndpointSlice.Conditions.UNKNOWN),
        endpoint.textOr("hostname", ""),
        endpoint
            .child("targetRef")
            .map(
                ref ->
                    new EndpointSlice.TargetRef(
                        ref.textOr("kind", ""),
                        ref.textOr("namespace", ""),
                        ref.textOr("name", ""),
                        ref.textOr("uid", "")))
            .orElse(null),
        endpoint.textOr("nodeName", ""),
        endpoint.textOr("zone", ""),
        endpoint.childOrEmpty("hints").objects("forZones", zone -> zone.text("name")));
  }

  static ExternalWorkload externalWorkload(ObjectMeta meta, Fields object) {
    Fields spec = object.object("spec");
    // v1alpha1 spells it meshTls.
    Fields tls = spec.has("meshTls") ? spec.object("meshTls") : spec.object("meshTLS");
    List<IpAddr> ips = spec.objects("workloadIPs", item -> item.ip("ip"));
    if (ips.size() > MAX_WORKLOAD_IPS) {
      throw spec.invalid("workloadIPs: found " + ips.size() + " items, expected at most 2");
    }
    return new ExternalWorkload(
        meta,
        new ExternalWorkload.Spec(
            tls.text("identity"),
            tls.text("serverName"),
            spec.objects(
                "ports",
                port ->
                    new ExternalWorkload.Port(
                        port.textOr("name", ""),
                        port.number("port", 1, PortRange.MAX_PORT),
                        port.textOr("protocol", DEFAULT_PROTOCOL))),
            ips),
        MetaDecoder.statusConditions(object));
  }
}

package dev.weft.policyservice.wire;

import com.google.protobuf.Duration;
import dev.weft.api.meta.Metadata;
import dev.weft.api.meta.Resource;
import dev.weft.api.net.IPAddress;
import dev.weft.api.net.IPNetwork;
import dev.weft.api.net.IPv6;
import dev.weft.mesh.Cidr;
import dev.weft.mesh.IpAddr;
import dev.weft.policy.PolicyRef;
import java.util.Map;

/** Addresses, durations and references. */
final class Common {
  private Common() {}

  static IPAddress ip(IpAddr address) {
    return address.isV4()
        ? IPAddress.newBuilder().setIpv4(address.v4Bits()).build()
        : IPAddress.newBuilder()
            .setIpv6(IPv6.newBuilder().setFirst(address.high()).setLast(address.low()))
            .build();
  }

  /** Host bits are sent as written. */
  static IPNetwork network(Cidr cidr) {
    return IPNetwork.newBuilder()
        .setIp(ip(cidr.address()))
        .setPrefixLen(cidr.prefixLength())
        .build();
  }

  static Duration duration(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  static Metadata metadata(PolicyRef ref) {
    return switch (ref) {
      case PolicyRef.Default(String name) -> Metadata.newBuilder().setDefault(name).build();
      case PolicyRef.Resource resource ->
          Metadata.newBuilder()
              .setResource(
                  Resource.newBuilder()
                      .setGroup(resource.group())
                      .setKind(resource.kind())
                      .setName(resource.name())
                      .setNamespace(resource.namespace())
                      .setPort(resource.port()))
              .build();
    };
  }

  /** The older form of a reference, still sent beside the newer one. */
  static Map<String, String> labels(PolicyRef ref) {
    return Map.of("group", ref.group(), "kind", ref.kind(), "name", ref.name());
  }
}

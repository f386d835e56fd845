package dev.weft.proxy.control.decode;

import dev.weft.api.meta.Metadata;
import dev.weft.api.meta.Resource;
import dev.weft.api.net.IPAddress;
import dev.weft.api.net.IPNetwork;
import dev.weft.api.net.IPv6;
import dev.weft.api.net.TcpAddress;
import dev.weft.mesh.Cidr;
import dev.weft.mesh.IpAddr;
import dev.weft.policy.InvalidPolicyException;
import dev.weft.policy.PolicyRef;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The values that all messages are made of. */
final class Values {
  private static final int MAX_PORT = 65_535;
  private static final int LOW_16_BITS = 0xffff;

  private Values() {}

  static Optional<IpAddr> ip(IPAddress address) {
    return switch (address.getIpCase()) {
      case IPV4 -> Optional.of(IpAddr.v4(address.getIpv4()));
      case IPV6 ->
          Optional.of(IpAddr.v6(address.getIpv6().getFirst(), address.getIpv6().getLast()));
      case IP_NOT_SET -> Optional.empty();
    };
  }

  static IPAddress ip(IpAddr address) {
    return address.isV4()
        ? IPAddress.newBuilder().setIpv4(address.v4Bits()).build()
        : IPAddress.newBuilder()
            .setIpv6(IPv6.newBuilder().setFirst(address.high()).setLast(address.low()))
            .build();
  }

  /** An address with a port; of the port only the low 16 bits count. */
  static Optional<InetSocketAddress> address(TcpAddress address) {
    return ip(address.getIp())
        .map(ip -> new InetSocketAddress(ip.toInetAddress(), address.getPort() & LOW_16_BITS));
  }

  static Cidr cidr(IPNetwork network) {
    IpAddr ip =
        ip(network.getIp())
            .orElseThrow(() -> new InvalidPolicyException("network without address"));
    try {
      return new Cidr(ip, network.getPrefixLen());
    } catch (IllegalArgumentException e) {
      throw new InvalidPolicyException("network " + ip + " refused; cause: " + e.getMessage(), e);
    }
  }

  /** A port, 0 where the message has none or no usable one. */
  static int port(int port) {
    return port > 0 && port <= MAX_PORT ? port : 0;
  }

  /** The object behind an inbound message, which comes without namespace. */
  static PolicyRef inboundRef(Metadata metadata) {
    return switch (metadata.getKindCase()) {
      case DEFAULT -> PolicyRef.builtin(metadata.getDefault());
      case RESOURCE -> resource(metadata.getResource());
      case KIND_NOT_SET -> throw new InvalidPolicyException("metadata without kind");
    };
  }

  /** The object behind an outbound message, which must be named in full. */
  static PolicyRef outboundRef(Metadata metadata) {
    if (metadata.hasResource()) {
      Resource resource = metadata.getResource();
      if (resource.getGroup().isEmpty()
          || resource.getKind().isEmpty()
          || resource.getName().isEmpty()
          || resource.getNamespace().isEmpty()) {
        throw new InvalidPolicyException(
            "metadata of '"
                + resource.getName()
                + "' is incomplete; cause: group, kind, name and namespace are required");
      }
    }
    return inboundRef(metadata);
  }

  private static PolicyRef resource(Resource resource) {
    return new PolicyRef.Resource(
        resource.getGroup(),
        resource.getKind(),
        resource.getNamespace(),
        resource.getName(),
        port(resource.getPort()));
  }

  /** A duration that must not be negative. */
  static Duration duration(com.google.protobuf.Duration duration) {
    Duration value;
    try {
      value = Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
      if (!value.isNegative()) {
        return Duration.ofNanos(value.toNanos());
      }
    } catch (ArithmeticException e) {
      throw new InvalidPolicyException(
          "duration of " + duration.getSeconds() + " s is too long", e);
    }
    throw new InvalidPolicyException("duration " + value + " is negative");
  }

  /** A duration that may be missing. */
  static @Nullable Duration duration(boolean present, com.google.protobuf.Duration duration) {
    return present ? duration(duration) : null;
  }

  /** A duration that must be there. */
  static Duration required(String what, boolean present, com.google.protobuf.Duration duration) {
    if (!present) {
      throw new InvalidPolicyException(what + " is missing");
    }
    return duration(duration);
  }

  static InvalidPolicyException missing(String what) {
    return new InvalidPolicyException(what + " is missing or of an unknown kind");
  }
}

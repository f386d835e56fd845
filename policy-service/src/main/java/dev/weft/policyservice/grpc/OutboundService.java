package dev.weft.policyservice.grpc;

import dev.weft.api.net.IPAddress;
import dev.weft.api.net.TcpAddress;
import dev.weft.api.outbound.OutboundPoliciesGrpc;
import dev.weft.api.outbound.OutboundPolicy;
import dev.weft.api.outbound.TrafficSpec;
import dev.weft.kit.watch.Published;
import dev.weft.kit.watch.WatchStreams;
import dev.weft.mesh.Authority;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.PortRange;
import dev.weft.policy.outbound.compile.ServicePort;
import dev.weft.policyservice.index.Answer;
import dev.weft.policyservice.index.PolicyIndex;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where the traffic of a workload to one target goes. Source: facts/proxy-api.md 18.
 *
 * <p>Threads: those of the gRPC server; nothing blocks.
 */
public final class OutboundService extends OutboundPoliciesGrpc.OutboundPoliciesImplBase {
  private final PolicyIndex index;
  private final WatchStreams streams;
  private final String clusterDomain;

  /** Serves this index; {@code streams} are those of {@code Watch}. */
  public OutboundService(PolicyIndex index, WatchStreams streams, String clusterDomain) {
    this.index = index;
    this.streams = streams;
    this.clusterDomain = clusterDomain;
  }

  /** What is asked for. */
  private sealed interface Target {
    record Address(IpAddr ip, int port) implements Target {}

    record Service(ServicePort service) implements Target {}

    record Foreign() implements Target {}
  }

  private record Request(PolicyIndex index, Target target, String shown, String clientNamespace)
      implements Question<dev.weft.policy.outbound.OutboundPolicy, OutboundPolicy> {
    @Override
    public void ask(
        Consumer<
                Optional<
                    Published<Answer<dev.weft.policy.outbound.OutboundPolicy, OutboundPolicy>>>>
            answer) {
      switch (target) {
        case Target.Address(IpAddr ip, int port) ->
            index.outbound(ip, port, clientNamespace, answer);
        case Target.Service(ServicePort service) ->
            index.outbound(service, clientNamespace, answer);
        case Target.Foreign _ -> answer.accept(Optional.empty());
      }
    }

    @Override
    public Status notFound() {
      return Status.NOT_FOUND.withDescription(
          "target " + shown + " is not known; cause: no Service has that name or address");
    }
  }

  @Override
  public void get(TrafficSpec spec, StreamObserver<OutboundPolicy> call) {
    Answers.once(() -> request(spec), call);
  }

  @Override
  public void watch(TrafficSpec spec, StreamObserver<OutboundPolicy> call) {
    Answers.watch(
        () -> request(spec), streams.open((ServerCallStreamObserver<OutboundPolicy>) call));
  }

  private Request request(TrafficSpec spec) {
    String namespace = WorkloadToken.parse(spec.getSourceWorkload()).namespace();
    return switch (spec.getTargetCase()) {
      case ADDR -> {
        var address = new Target.Address(ip(spec.getAddr()), port(spec.getAddr().getPort()));
        yield new Request(index, address, address.ip() + " port " + address.port(), namespace);
      }
      case AUTHORITY -> {
        Authority authority = authority(spec.getAuthority());
        Target target =
            ServicePort.of(authority, clusterDomain)
                .<Target>map(Target.Service::new)
                .orElseGet(Target.Foreign::new);
        yield new Request(index, target, authority.toString(), namespace);
      }
      case TARGET_NOT_SET ->
          throw new IllegalArgumentException("no target; fix: send an address or an authority");
    };
  }

  private static IpAddr ip(TcpAddress address) {
    IPAddress ip = address.getIp();
    return switch (ip.getIpCase()) {
      case IPV4 -> IpAddr.v4(ip.getIpv4());
      case IPV6 -> IpAddr.v6(ip.getIpv6().getFirst(), ip.getIpv6().getLast()).unmapped();
      case IP_NOT_SET ->
          throw new IllegalArgumentException("target address without IP; fix: send one");
    };
  }

  private static int port(int port) {
    if (port < 1 || port > PortRange.MAX_PORT) {
      throw new IllegalArgumentException(
          "target port " + Integer.toUnsignedString(port) + " refused; fix: 1 to 65535");
    }
    return port;
  }

  /** A port of 0 counts as none. */
  private static Authority authority(String text) {
    return Authority.parse(text.endsWith(":0") ? text.substring(0, text.length() - 2) : text);
  }
}

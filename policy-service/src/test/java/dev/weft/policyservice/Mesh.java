package dev.weft.policyservice;

import dev.weft.api.inbound.InboundServerPoliciesGrpc;
import dev.weft.api.inbound.PortSpec;
import dev.weft.api.inbound.Server;
import dev.weft.api.net.IPAddress;
import dev.weft.api.net.TcpAddress;
import dev.weft.api.outbound.OutboundPoliciesGrpc;
import dev.weft.api.outbound.OutboundPolicy;
import dev.weft.api.outbound.TrafficSpec;
import dev.weft.kit.grpc.GrpcServerSettings;
import dev.weft.kit.grpc.MeshGrpcServer;
import dev.weft.kit.watch.WatchStreams;
import dev.weft.mesh.Cidr;
import dev.weft.mesh.DefaultInboundPolicy;
import dev.weft.mesh.IdentityNames;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.Network;
import dev.weft.mesh.PortSet;
import dev.weft.policy.inbound.compile.InboundSettings;
import dev.weft.policy.outbound.compile.OutboundSettings;
import dev.weft.policyservice.grpc.InboundService;
import dev.weft.policyservice.grpc.OutboundService;
import dev.weft.policyservice.index.PolicyIndex;
import dev.weft.resources.directory.DirectorySource;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The policy service on a directory of manifests and a real socket, without Quarkus. */
final class Mesh implements AutoCloseable {
  static final String WEB = "{\"ns\":\"shop\",\"pod\":\"web-1\"}\n";

  private final Path directory;
  private final DirectorySource source;
  private final PolicyIndex index;
  private final MeshGrpcServer server;
  private final ManagedChannel channel;
  private final WatchStreams inboundStreams;
  private final WatchStreams outboundStreams;

  Mesh(Path directory) throws IOException, InterruptedException {
    this.directory = directory;
    var settings =
        new InboundSettings(
            IdentityNames.defaults(),
            DefaultInboundPolicy.ALL_UNAUTHENTICATED,
            List.of(Network.of(Cidr.parse("10.0.0.0/8"))),
            Network.ALL,
            InboundSettings.Acceptance.SPEC);
    var outbound =
        new OutboundSettings(
            "cluster.local", List.of(Cidr.parse("10.0.0.0/8")), PortSet.DEFAULT_OPAQUE);
    var synced = new CountDownLatch(1);
    index = new PolicyIndex(settings, outbound, true, synced::countDown);
    source =
        DirectorySource.start(
            List.of(directory),
            new DirectorySource.Settings(
                Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofMillis(500)),
            Clock.systemUTC());
    source.watch(PolicyIndex.KINDS, index);
    if (!synced.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError("directory not read in time");
    }
    Executor executor = task -> Thread.ofVirtual().start(task);
    inboundStreams = new WatchStreams("WatchPort", executor);
    outboundStreams = new WatchStreams("Watch", executor);
    server =
        MeshGrpcServer.start(
            GrpcServerSettings.loopback(0),
            List.of(
                new InboundService(index, inboundStreams),
                new OutboundService(index, outboundStreams, "cluster.local")),
            List.of(),
            Optional.empty());
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
  }

  /** Writes a file at once, as tools do that write manifests. */
  void write(String file, String yaml) throws IOException {
    Path half = directory.resolve(file + ".tmp");
    Files.writeString(half, yaml);
    Files.move(
        half,
        directory.resolve(file),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  void delete(String file) throws IOException {
    Files.delete(directory.resolve(file));
  }

  Server getPort(String workload, int port) {
    return InboundServerPoliciesGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .getPort(PortSpec.newBuilder().setWorkload(workload).setPort(port).build());
  }

  Received<Server> watchPort(String workload, int port) {
    var received = new Received<Server>();
    InboundServerPoliciesGrpc.newStub(channel)
        .watchPort(PortSpec.newBuilder().setWorkload(workload).setPort(port).build(), received);
    return received;
  }

  OutboundPolicy get(TrafficSpec spec) {
    return OutboundPoliciesGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .get(spec);
  }

  Received<OutboundPolicy> watch(TrafficSpec spec) {
    var received = new Received<OutboundPolicy>();
    OutboundPoliciesGrpc.newStub(channel).watch(spec, received);
    return received;
  }

  static TrafficSpec to(String authority) {
    return TrafficSpec.newBuilder().setSourceWorkload(WEB).setAuthority(authority).build();
  }

  static TrafficSpec to(String ip, int port) {
    return TrafficSpec.newBuilder()
        .setSourceWorkload(WEB)
        .setAddr(
            TcpAddress.newBuilder()
                .setIp(IPAddress.newBuilder().setIpv4(IpAddr.parse(ip).v4Bits()))
                .setPort(port))
        .build();
  }

  void endAllStreams() {
    inboundStreams.endAll();
    outboundStreams.endAll();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
    source.close();
    index.close();
  }
}

package dev.weft.policyservice;

import dev.weft.kit.grpc.GrpcServerBootstrap;
import dev.weft.kit.resources.ResourcesConfig;
import dev.weft.kit.watch.WatchStreams;
import dev.weft.policyservice.grpc.InboundService;
import dev.weft.policyservice.grpc.OutboundService;
import dev.weft.policyservice.index.PolicyIndex;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/** Builds the plain parts from the configuration. */
@Singleton
final class PolicyBeans {
  private static final Logger LOG = Logger.getLogger("dev.weft.policy");

  /** The watch streams of both services. */
  record Streams(WatchStreams inbound, WatchStreams outbound) {
    /** Ends them all with OK: clients then ask another server. */
    void endAll() {
      inbound.endAll();
      outbound.endAll();
    }
  }

  @Produces
  @Singleton
  PolicySettings settings(PolicyConfig config, ResourcesConfig resources) {
    boolean fromDirectories = !resources.directories().orElse(List.of()).isEmpty();
    return PolicySettings.of(config, fromDirectories);
  }

  @Produces
  @Singleton
  PolicyIndex index(PolicySettings settings, GrpcServerBootstrap grpc) {
    return new PolicyIndex(
        settings.inbound(),
        settings.outbound(),
        settings.namedServiceMustExist(),
        () -> open(grpc));
  }

  void close(@Disposes PolicyIndex index) {
    index.close();
  }

  private static void open(GrpcServerBootstrap grpc) {
    try {
      grpc.open();
    } catch (UncheckedIOException | IllegalArgumentException e) {
      LOG.errorf("policy service stops; cause: %s", e.getMessage());
      Quarkus.asyncExit(1);
    }
  }

  @Produces
  @Singleton
  Streams streams(MeterRegistry registry) {
    Executor executor = task -> Thread.ofVirtual().name("policy-stream").start(task);
    var streams =
        new Streams(new WatchStreams("WatchPort", executor), new WatchStreams("Watch", executor));
    streams.inbound().bindTo(registry);
    streams.outbound().bindTo(registry);
    return streams;
  }

  @Produces
  @Singleton
  InboundService inbound(PolicyIndex index, Streams streams) {
    return new InboundService(index, streams.inbound());
  }

  @Produces
  @Singleton
  OutboundService outbound(PolicyIndex index, Streams streams, PolicySettings settings) {
    return new OutboundService(index, streams.outbound(), settings.outbound().clusterDomain());
  }
}

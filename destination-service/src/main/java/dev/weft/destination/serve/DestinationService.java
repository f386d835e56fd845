package dev.weft.destination.serve;

import dev.weft.api.destination.Http2ClientParams;
import dev.weft.destination.admission.ProfileAdmission;
import dev.weft.destination.index.DiscoveryIndex;
import dev.weft.destination.index.DiscoverySettings;
import dev.weft.destination.lookup.LookupParser;
import dev.weft.kit.grpc.GrpcServerBootstrap;
import dev.weft.kit.watch.WatchStreams;
import dev.weft.kit.webhook.Webhook;
import dev.weft.mesh.IdentityNames;
import dev.weft.mesh.PortSet;
import dev.weft.resources.ResourceSource;
import io.grpc.BindableService;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The life of the service: builds the parts, watches the source, opens the listener once all
 * objects have been seen, and at the end sends every client elsewhere before the listener closes.
 */
@ApplicationScoped
class DestinationService {
  private static final Logger LOG = Logger.getLogger(DestinationService.class);
  private static final int SWEEP_SECONDS = 5;

  /** Before the listener's own end, so that streams end with OK rather than with its error. */
  private static final int BEFORE_LISTENER = 100;

  /** After the listener's end, since its calls still use the drains. */
  private static final int AFTER_LISTENER = 5_000;

  private final DestinationConfig config;
  private final ResourceSource source;
  private final GrpcServerBootstrap listener;
  private final Webhook webhook;
  private final ExecutorService drains;
  private final ScheduledExecutorService timer;
  private final WatchStreams endpointStreams;
  private final WatchStreams profileStreams;
  private final Discovery discovery;

  DestinationService(
      DestinationConfig config,
      ResourceSource source,
      GrpcServerBootstrap listener,
      Webhook webhook,
      MeterRegistry registry) {
    this.config = config;
    this.source = source;
    this.listener = listener;
    this.webhook = webhook;
    this.drains =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().name("weft-destination-stream-", 0).daemon().factory());
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("weft-destination-timer").daemon().factory());
    this.endpointStreams = new WatchStreams("Destination/Get", drains);
    this.profileStreams = new WatchStreams("Destination/GetProfile", drains);
    this.discovery =
        new Discovery(
            settings(config),
            new EndpointMessages(http2(config.meshedHttp2())),
            endpointStreams,
            this::synced);
    endpointStreams.bindTo(registry);
    profileStreams.bindTo(registry);
    Gauge.builder("weft_destination_index_backlog", discovery, Discovery::backlog)
        .register(registry);
  }

  private static DiscoverySettings settings(DestinationConfig config) {
    PortSet opaque =
        PortSet.parseStrict(config.defaultOpaquePorts())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "weft.destination.default-opaque-ports='"
                            + config.defaultOpaquePorts()
                            + "' refused; fix: numbers and ranges, as 25,9000-9100"));
    return new DiscoverySettings(
        new IdentityNames(config.controlPlaneNamespace(), config.trustDomain()),
        config.clusterDomain(),
        opaque,
        config.enableH2Upgrade(),
        config.outboundTransportMode() == DestinationConfig.OutboundTransportMode.TRANSPORT_HEADER,
        config.enableIpv6());
  }

  private static Http2ClientParams http2(DestinationConfig.MeshedHttp2 config) {
    return Http2ClientParams.newBuilder()
        .setKeepAlive(
            Http2ClientParams.KeepAlive.newBuilder()
                .setInterval(ProfileMessages.duration(config.keepAliveInterval()))
                .setTimeout(ProfileMessages.duration(config.keepAliveTimeout()))
                .setWhileIdle(config.keepAliveWhileIdle()))
        .build();
  }

  @Produces
  @Singleton
  BindableService api() {
    return new DestinationApi(
        new LookupParser(config.clusterDomain()), discovery, endpointStreams, profileStreams);
  }

  void start(@Observes StartupEvent event) {
    // A profile is judged by itself, so admission need not wait for the objects.
    webhook.start(new ProfileAdmission());
    source.watch(DiscoveryIndex.KINDS, discovery);
    timer.scheduleWithFixedDelay(discovery::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
  }

  /** On the loop, which must not wait for a socket. */
  private void synced() {
    LOG.infof("all objects seen: source=%s", source.status().name());
    Thread.ofVirtual().name("weft-destination-open").start(this::open);
  }

  private void open() {
    try {
      listener.open();
    } catch (RuntimeException e) {
      LOG.error("the gRPC listener cannot be opened; the service stops", e);
      Quarkus.asyncExit(1);
    }
  }

  void stop(@Observes @Priority(BEFORE_LISTENER) ShutdownEvent event) {
    endpointStreams.endAll();
    profileStreams.endAll();
    timer.shutdownNow();
    discovery.close();
  }

  void release(@Observes @Priority(AFTER_LISTENER) ShutdownEvent event) {
    drains.shutdown();
  }
}

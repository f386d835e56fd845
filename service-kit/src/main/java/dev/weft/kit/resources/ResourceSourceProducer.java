package dev.weft.kit.resources;

import dev.weft.resources.ResourceSource;
import dev.weft.resources.directory.DirectorySource;
import dev.weft.resources.kubernetes.KubernetesSource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Opens the one source of the application when it is first injected; closes it at the end. */
@ApplicationScoped
class ResourceSourceProducer {
  private static final Logger LOG = Logger.getLogger(ResourceSourceProducer.class);

  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  private final ResourcesConfig config;
  private final Instance<KubernetesClient> clients;
  private final MeterRegistry registry;
  private volatile @Nullable ResourceSource opened;
  private volatile @Nullable KubernetesClient ownClient;

  ResourceSourceProducer(
      ResourcesConfig config, Instance<KubernetesClient> clients, MeterRegistry registry) {
    this.config = config;
    this.clients = clients;
    this.registry = registry;
  }

  @Produces
  @Singleton
  ResourceSource open() {
    ResourceSource source = new MeteredSource(openConfigured(), registry);
    opened = source;
    LOG.infof("resources from %s", source.status().name());
    return source;
  }

  private ResourceSource openConfigured() {
    List<Path> directories = config.directories().orElse(List.of());
    if (directories.isEmpty()) {
      return KubernetesSource.start(
          openClient(), kubernetesSettings(), Clock.systemUTC(), new Random());
    }
    try {
      return DirectorySource.start(directories, directorySettings(), Clock.systemUTC());
    } catch (IOException e) {
      throw new UncheckedIOException("files cannot be watched", e);
    }
  }

  /** The application's own client where it has one, so that both use the same connections. */
  private KubernetesClient openClient() {
    if (clients.isResolvable()) {
      return clients.get();
    }
    KubernetesClient client = new KubernetesClientBuilder().build();
    ownClient = client;
    return client;
  }

  private KubernetesSource.Settings kubernetesSettings() {
    ResourcesConfig.Kubernetes kubernetes = config.kubernetes();
    String prefix = "weft.resources.kubernetes.";
    requireRange(prefix + "resync", kubernetes.resync(), MINUTE, 24 * HOUR);
    requireRange(prefix + "watch-limit", kubernetes.watchLimit(), 10 * SECOND, HOUR);
    requireRange(prefix + "max-backoff", kubernetes.maxBackoff(), 100, 10 * MINUTE);
    requireRange(prefix + "unknown-kind-retry", kubernetes.unknownKindRetry(), SECOND, HOUR);
    return new KubernetesSource.Settings(
        kubernetes.resync(),
        kubernetes.watchLimit(),
        kubernetes.maxBackoff(),
        kubernetes.unknownKindRetry());
  }

  private DirectorySource.Settings directorySettings() {
    requireRange("weft.resources.settle", config.settle(), 1, MINUTE);
    requireRange("weft.resources.rescan", config.rescan(), 10, HOUR);
    Duration maxSettle = config.settle().multipliedBy(10);
    return new DirectorySource.Settings(config.settle(), maxSettle, config.rescan());
  }

  private static void requireRange(String key, Duration value, long minMillis, long maxMillis) {
    if (value.toMillis() < minMillis || value.toMillis() > maxMillis) {
      throw new IllegalArgumentException(
          key
              + "="
              + value
              + " refused; fix: "
              + Duration.ofMillis(minMillis)
              + " to "
              + Duration.ofMillis(maxMillis));
    }
  }

  void close(@Disposes ResourceSource source) {
    source.close();
    KubernetesClient client = ownClient;
    if (client != null) {
      client.close();
    }
  }

  /** The source, if the application uses one. */
  Optional<ResourceSource> opened() {
    return Optional.ofNullable(opened);
  }
}

package dev.weft.kit.resources;

import dev.weft.resources.ResourceSource;
import dev.weft.resources.directory.DirectorySource;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Opens the one source of the application when it is first injected; closes it at the end. */
@ApplicationScoped
class ResourceSourceProducer {
  private static final Logger LOG = Logger.getLogger(ResourceSourceProducer.class);

  private final ResourcesConfig config;
  private final MeterRegistry registry;
  private volatile @Nullable ResourceSource opened;

  ResourceSourceProducer(ResourcesConfig config, MeterRegistry registry) {
    this.config = config;
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
      throw new IllegalStateException(
          "no source of resources; cause: weft.resources.directories is empty and this build has"
              + " no Kubernetes adapter; fix: name a directory of manifests");
    }
    try {
      return DirectorySource.start(directories, settings(), Clock.systemUTC());
    } catch (IOException e) {
      throw new UncheckedIOException("files cannot be watched", e);
    }
  }

  private DirectorySource.Settings settings() {
    requireRange("weft.resources.settle", config.settle(), 1, 60_000);
    requireRange("weft.resources.rescan", config.rescan(), 10, 3_600_000);
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
  }

  /** The source, if the application uses one. */
  Optional<ResourceSource> opened() {
    return Optional.ofNullable(opened);
  }
}

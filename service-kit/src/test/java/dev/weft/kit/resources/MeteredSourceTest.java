package dev.weft.kit.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.ResourceChange;
import dev.weft.resources.ResourceListener;
import dev.weft.resources.directory.DirectorySource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class MeteredSourceTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void status_ofTheSource_isExported(@TempDir Path root) throws Exception {
    Files.writeString(root.resolve("a.yaml"), "{apiVersion: v1, kind: Node, metadata: {name: n}}");
    Files.writeString(root.resolve("b.yaml"), "{");
    ResourceListener deaf =
        new ResourceListener() {
          @Override
          public void onChange(List<ResourceChange> batch) {}

          @Override
          public void onSynced() {}
        };
    try (MeteredSource source =
        new MeteredSource(
            DirectorySource.start(
                List.of(root), DirectorySource.Settings.DEFAULT, Clock.systemUTC()),
            registry)) {
      source.watch(Set.of(ResourceKind.NODE), deaf);

      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> {
                assertThat(gauge("weft_resources_synced")).isOne();
                assertThat(gauge("weft_resources_connected")).isOne();
                assertThat(gauge("weft_resources_problems")).isOne();
                assertThat(registry.get("weft_resources_errors").functionCounter().count()).isOne();
                assertThat(
                        registry.get("weft_resources_objects").tag("kind", "node").gauge().value())
                    .isOne();
                assertThat(kind("weft_resources_lost")).isZero();
                assertThat(kind("weft_resources_denied")).isZero();
              });
    }
  }

  private double kind(String name) {
    return registry.get(name).tag("kind", "node").gauge().value();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }
}

package dev.weft.kit.resources;

import dev.weft.resources.KindHealth;
import dev.weft.resources.ResourceSource;
import dev.weft.resources.SourceStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready means: all objects have been seen once. A source that is lost later leaves the last good
 * answer in place, so the service stays ready, and the detail says what it lacks.
 */
@Readiness
@ApplicationScoped
class ResourceReadiness implements HealthCheck {
  private final ResourceSourceProducer producer;

  ResourceReadiness(ResourceSourceProducer producer) {
    this.producer = producer;
  }

  @Override
  public HealthCheckResponse call() {
    Optional<ResourceSource> source = producer.opened();
    if (source.isEmpty()) {
      return HealthCheckResponse.named("resources").up().withData("source", "not used").build();
    }
    SourceStatus status = source.get().status();
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("resources")
            .status(status.synced())
            .withData("source", status.name())
            .withData("connected", status.connected())
            .withData("since", status.since().toString())
            .withData("problems", status.problems().size());
    name(response, "denied", status.kindsThatAre(KindHealth.DENIED));
    name(response, "lost", status.kindsThatAre(KindHealth.LOST));
    status.lastError().ifPresent(error -> response.withData("lastError", error));
    return response.build();
  }

  private static void name(HealthCheckResponseBuilder response, String key, List<String> kinds) {
    if (!kinds.isEmpty()) {
      response.withData(key, String.join(", ", kinds));
    }
  }
}

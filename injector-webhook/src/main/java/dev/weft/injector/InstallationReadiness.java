package dev.weft.injector;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready means: values and anchors could be read once. */
@Readiness
@ApplicationScoped
class InstallationReadiness implements HealthCheck {
  private final LiveInstallation installation;

  InstallationReadiness(LiveInstallation installation) {
    this.installation = installation;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response = HealthCheckResponse.named("installation");
    Optional<String> error = installation.error();
    error.ifPresent(cause -> response.withData("error", cause));
    return response.status(installation.injector().isPresent()).build();
  }
}

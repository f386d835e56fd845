package dev.weft.kit.tls;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means: plaintext, or certified by a leaf that has not expired. */
@Readiness
@ApplicationScoped
class TlsReadiness implements HealthCheck {
  private final ServiceTls tls;

  TlsReadiness(ServiceTls tls) {
    this.tls = tls;
  }

  @Override
  public HealthCheckResponse call() {
    Optional<Credentials> credentials = tls.credentials();
    boolean certified = credentials.filter(c -> Instant.now().isBefore(c.notAfter())).isPresent();
    var response =
        HealthCheckResponse.named("tls")
            .status(!tls.isEnabled() || certified)
            .withData("enabled", tls.isEnabled());
    credentials.ifPresent(c -> response.withData("notAfter", c.notAfter().toString()));
    tls.error().ifPresent(why -> response.withData("lastError", why));
    return response.build();
  }
}

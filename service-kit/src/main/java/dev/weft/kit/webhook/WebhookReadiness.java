package dev.weft.kit.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready means: the API server can be answered. */
@Readiness
@ApplicationScoped
class WebhookReadiness implements HealthCheck {
  private final Webhook webhook;

  WebhookReadiness(Webhook webhook) {
    this.webhook = webhook;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response = HealthCheckResponse.named("webhook");
    if (!webhook.isEnabled()) {
      return response.up().withData("listener", "not used").build();
    }
    webhook.error().ifPresent(error -> response.withData("certificate", error));
    webhook.writer().ifPresent(name -> response.withData("certificateRenewedBy", name));
    webhook.leaseError().ifPresent(error -> response.withData("lease", error));
    return response.status(webhook.port().isPresent() && !webhook.isStopped()).build();
  }
}

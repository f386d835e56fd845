package dev.weft.identity;

import dev.weft.identity.attest.Attestor;
import dev.weft.identity.issue.IssuerKeeper;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means: there is an issuer that has not expired, and tokens can be judged. */
@Readiness
@ApplicationScoped
class IdentityReadiness implements HealthCheck {
  private final IssuerKeeper issuers;
  private final Attestor attestor;
  private final Clock clock;

  IdentityReadiness(IssuerKeeper issuers, Attestor attestor, Clock clock) {
    this.issuers = issuers;
    this.attestor = attestor;
    this.clock = clock;
  }

  @Override
  public HealthCheckResponse call() {
    Attestor.Health tokens = attestor.health();
    boolean valid =
        issuers.issuer().filter(issuer -> clock.instant().isBefore(issuer.notAfter())).isPresent();
    var response =
        HealthCheckResponse.named("identity")
            .status(valid && tokens.able())
            .withData("attestor", tokens.detail());
    issuers
        .issuer()
        .ifPresent(
            issuer ->
                response
                    .withData("issuer", issuer.certificate().getSubjectX500Principal().getName())
                    .withData("issuerNotAfter", issuer.notAfter().toString()));
    issuers.loadedAt().ifPresent(at -> response.withData("issuerLoadedAt", at.toString()));
    issuers.rejection().ifPresent(why -> response.withData("issuerRejected", why));
    return response.build();
  }
}

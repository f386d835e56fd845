package dev.weft.kit.grpc;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.OptionalInt;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means: the gRPC listener accepts connections, where the service has one. */
@Readiness
@ApplicationScoped
class GrpcReadiness implements HealthCheck {
  private final GrpcServerBootstrap bootstrap;

  GrpcReadiness(GrpcServerBootstrap bootstrap) {
    this.bootstrap = bootstrap;
  }

  @Override
  public HealthCheckResponse call() {
    if (!bootstrap.isUsed()) {
      return HealthCheckResponse.named("grpc").up().withData("listener", "not used").build();
    }
    OptionalInt port = bootstrap.port();
    var response = HealthCheckResponse.named("grpc").status(port.isPresent());
    port.ifPresent(p -> response.withData("port", p));
    return response.build();
  }
}

package dev.weft.destination.serve;

import dev.weft.kit.grpc.GrpcServerBootstrap;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import org.awaitility.Awaitility;

/** The contract, held by the application in the JVM of the test. */
@QuarkusTest
@QuarkusTestResource(ManifestDirectory.class)
class DestinationServiceTest extends DestinationContract {
  @Inject GrpcServerBootstrap listener;
  ManifestDirectory manifests;

  @Override
  int port() {
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> listener.port().isPresent());
    return listener.port().getAsInt();
  }

  @Override
  ManifestDirectory manifests() {
    return manifests;
  }
}

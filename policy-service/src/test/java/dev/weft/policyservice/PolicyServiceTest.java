package dev.weft.policyservice;

import static org.awaitility.Awaitility.await;

import dev.weft.kit.grpc.GrpcServerBootstrap;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;

/** The contract, held by the application in the JVM of the test. */
@QuarkusTest
@TestProfile(ManifestsProfile.class)
class PolicyServiceTest extends PolicyContract {
  @Inject GrpcServerBootstrap grpc;

  @TestHTTPResource("/")
  URI admin;

  @Override
  int port() {
    await().atMost(Duration.ofSeconds(20)).until(() -> grpc.port().isPresent());
    return grpc.port().orElseThrow();
  }

  @Override
  URI admin() {
    return admin;
  }
}

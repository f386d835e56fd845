package dev.weft.identity;

import dev.weft.identity.standalone.StandaloneDirectory;
import dev.weft.kit.grpc.GrpcServerBootstrap;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;

/** The contract, held by the application in the JVM of the test. */
@QuarkusTest
@TestProfile(StandaloneProfile.class)
class IdentityServiceTest extends IdentityContract {
  @Inject GrpcServerBootstrap grpc;
  @Inject IdentitySettings settings;

  @TestHTTPResource("/")
  URI admin;

  @Override
  int port() {
    return grpc.port().orElseThrow();
  }

  @Override
  URI admin() {
    return admin;
  }

  @Override
  StandaloneDirectory directory() {
    return settings.standalone().orElseThrow();
  }
}

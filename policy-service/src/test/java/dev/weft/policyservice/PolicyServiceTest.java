package dev.weft.policyservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.api.inbound.InboundServerPoliciesGrpc;
import dev.weft.api.inbound.PortSpec;
import dev.weft.api.inbound.Server;
import dev.weft.api.outbound.OutboundPoliciesGrpc;
import dev.weft.kit.grpc.GrpcServerBootstrap;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole application: configuration, source, listener, metrics. */
@QuarkusTest
@TestProfile(ManifestsProfile.class)
class PolicyServiceTest {
  @Inject GrpcServerBootstrap grpc;

  @TestHTTPResource("/")
  URI admin;

  private ManagedChannel channel;

  @BeforeEach
  void connect() {
    await().atMost(Duration.ofSeconds(20)).until(() -> grpc.port().isPresent());
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", grpc.port().orElseThrow())
            .usePlaintext()
            .build();
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  @Test
  void services_bothOnOneListener_answerByTheConfiguration() {
    Server inbound =
        InboundServerPoliciesGrpc.newBlockingStub(channel)
            .getPort(PortSpec.newBuilder().setWorkload(Mesh.WEB).setPort(8080).build());
    assertThat(inbound.getLabelsOrThrow("name")).isEqualTo("deny");
    assertThat(inbound.getProtocol().getDetect().getHttpRoutesList())
        .as("no probe networks, no probe route")
        .hasSize(1);
    assertThat(
            OutboundPoliciesGrpc.newBlockingStub(channel)
                .get(Mesh.to("10.96.0.10", 80))
                .getMetadata()
                .getResource()
                .getName())
        .isEqualTo("api");
  }

  @Test
  void admin_onceSynced_isReadyAndCountsStreams() throws Exception {
    var watch = new Received<Server>();
    InboundServerPoliciesGrpc.newStub(channel)
        .watchPort(PortSpec.newBuilder().setWorkload(Mesh.WEB).setPort(80).build(), watch);
    watch.next();

    assertThat(get("ready").statusCode()).isEqualTo(200);
    assertThat(get("metrics").body()).contains("weft_watch_streams{api=\"WatchPort\"} 1.0");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(admin.resolve(path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}

package dev.weft.policyservice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.inbound.InboundServerPoliciesGrpc;
import dev.weft.api.inbound.PortSpec;
import dev.weft.api.inbound.Server;
import dev.weft.api.outbound.OutboundPoliciesGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The whole application: configuration, source, listener, metrics. Held by the application in the
 * JVM of the test, and by the packaged program.
 */
abstract class PolicyContract {
  private ManagedChannel channel;

  /**
   * The port of the service, which listens in plaintext and has {@link ManifestsProfile}'s
   * settings.
   */
  abstract int port();

  /** Its admin endpoints. */
  abstract URI admin();

  @BeforeEach
  void connect() {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port()).usePlaintext().build();
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
          HttpRequest.newBuilder(admin().resolve(path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}

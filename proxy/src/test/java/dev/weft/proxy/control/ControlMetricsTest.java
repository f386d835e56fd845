package dev.weft.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.api.destination.DestinationProfile;
import dev.weft.proxy.metrics.Catalogue;
import dev.weft.proxy.testing.ControlHarness;
import dev.weft.proxy.testing.MeshCa;
import dev.weft.proxy.testing.ScriptedControlPlane;
import io.grpc.Status;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the proxy's own clients count, over real gRPC and mesh TLS. */
@Timeout(60)
class ControlMetricsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Target API = new Target.Name("api.shop.svc.cluster.local", 8080);

  private final MeshCa ca = new MeshCa();
  private final ScriptedControlPlane service = ScriptedControlPlane.start(ca);
  private final ControlHarness harness = new ControlHarness(ca, service, ScriptedControlPlane.NAME);
  private final ControlPlaneClient client =
      new ControlPlaneClient(
          harness.config, harness.channels, harness.executor, harness.random, harness.metrics);
  private final String addr = "addr=\"" + service.address() + "\"";
  private final String peer =
      "{" + addr + ",tls=\"true\",server_id=\"" + ScriptedControlPlane.NAME + "\"";

  @AfterEach
  void end() {
    client.close();
    harness.close();
    service.close();
    assertThat(new Catalogue().check(harness.metrics.print()))
        .contains("control_request_total", "control_destination_balancer_endpoints");
  }

  @Test
  void call_thatIsAnswered_isCountedWithItsStatus() throws Exception {
    watch();
    ScriptedControlPlane.Call<?, DestinationProfile> call = service.profiles.next();
    shows("control_request_total" + peer + "} 1");
    call.send(DestinationProfile.getDefaultInstance());
    call.fail(Status.INVALID_ARGUMENT);
    shows(
        "control_response_total"
            + peer
            + ",status_code=\"200\",classification=\"success\",grpc_status=\"3\",error=\"\"} 1");
    shows("control_response_latency_ms_count" + peer + ",status_code=\"200\"} 1");
  }

  @Test
  void call_whoseServiceDies_isAFailureWithoutStatus() throws Exception {
    watch();
    service.profiles.next();
    service.kill();
    shows(
        "control_response_total"
            + peer
            + ",classification=\"failure\",grpc_status=\"\",error=\"unclassified\"} ");
    service.start();
  }

  @Test
  void channel_isABalancerOfOneReplica() throws Exception {
    watch();
    service.profiles.next();
    String family = "control_destination_balancer_";
    shows(family + "endpoints{endpoint_state=\"ready\"," + addr + "} 1");
    shows(family + "endpoints{endpoint_state=\"pending\"," + addr + "} 0");
    shows(family + "p2c_endpoints{" + addr + "} 1");
    shows(family + "p2c_updates_total{op=\"Add\"," + addr + "} 1");
    shows(family + "queue_requests_total{" + addr + "} 1");
    shows(family + "queue_length{" + addr + "} 0");
    shows(family + "queue_latency_seconds_count{" + addr + "} 1");
    shows(family + "queue_gate_timeout_seconds{" + addr + "} 30");
  }

  @Test
  void gate_shutsWhileTheServiceIsAway() throws Exception {
    watch();
    service.profiles.next();
    String family = "control_destination_balancer_";
    service.kill();
    shows(family + "queue_gate_shut_total{" + addr + "} 1");
    shows(family + "endpoints{endpoint_state=\"ready\"," + addr + "} 0");
    service.start();
    shows(family + "queue_gate_open_total{" + addr + "} 1");
    shows(family + "endpoints{endpoint_state=\"ready\"," + addr + "} 1");
  }

  private void watch() {
    client.controlPlane().profiles().watch(API, harness.loops.workers().getFirst(), _ -> {});
  }

  private void shows(String line) {
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(harness.metrics.print()).contains(line));
  }
}

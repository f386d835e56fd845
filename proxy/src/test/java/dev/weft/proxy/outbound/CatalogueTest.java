package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.identity.Certifier;
import dev.weft.proxy.identity.KeyMaterial;
import dev.weft.proxy.metrics.Catalogue;
import dev.weft.proxy.testing.ControlHarness;
import dev.weft.proxy.testing.MeshCa;
import dev.weft.proxy.testing.ScriptedControlPlane;
import dev.weft.proxy.trace.TestCollector;
import dev.weft.proxy.trace.TestTracing;
import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The metrics of a pair of proxies against the contract's catalogue. */
@Timeout(30)
class CatalogueTest {
  private final Catalogue catalogue = new Catalogue();

  @Test
  void names_ofBothSides_areAllOfTheCatalogue() throws Exception {
    Set<String> names = new TreeSet<>(controlClients());
    try (Harness harness = new Harness();
        InboundSide inbound =
            new InboundSide(harness, "127.0.1.6", InboundSide.only(InboundSide.DETECT))) {
      names.addAll(harness.metrics.names());
      names.addAll(inbound.metrics.names());
      assertThat(names).containsAll(catalogue.names());
    }
  }

  /** Of what a proxy asks of others for itself. */
  private static Set<String> controlClients() throws Exception {
    MeshCa ca = new MeshCa();
    try (ScriptedControlPlane service = ScriptedControlPlane.start(ca);
        ControlHarness control = new ControlHarness(ca, service, ScriptedControlPlane.NAME);
        Certifier _ =
            new Certifier(
                control.config.identity(),
                KeyMaterial.obtain(null, Harness.WEB_IDENTITY),
                control.identityClient,
                control.tls,
                control.executor,
                Clock.systemUTC(),
                control.metrics);
        TestCollector collector = new TestCollector(null);
        TestTracing tracing = new TestTracing(collector, control.tls)) {
      Set<String> names = new TreeSet<>(control.metrics.names());
      names.addAll(tracing.metrics.names());
      return names;
    }
  }

  @Test
  void exposition_afterARequest_isAsTheCatalogueSays() throws Exception {
    try (Harness harness = new Harness()) {
      TestApp app = new TestApp("api-1");
      Endpoint endpoint = Harness.endpoint(harness.meshed("127.0.1.7", app));
      harness.service(endpoint);
      try (RawClient client = new RawClient(harness.address())) {
        client.send("GET http://api:8080/ HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.response().status()).isEqualTo(200);
      }
      assertThat(catalogue.check(harness.metrics.print()))
          .contains(
              "request_total",
              "tcp_open_total",
              "outbound_http_route_backend_requests_total",
              "outbound_http_balancer_endpoints",
              "outbound_http_balancer_queue_requests_total",
              "outbound_tcp_transfer_cost_bytes_total");
    }
  }
}

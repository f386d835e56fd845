package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.metrics.Catalogue;
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
    try (Harness harness = new Harness();
        InboundSide inbound =
            new InboundSide(harness, "127.0.1.6", InboundSide.only(InboundSide.DETECT))) {
      Set<String> names = new TreeSet<>(harness.metrics.names());
      names.addAll(inbound.metrics.names());
      assertThat(names).containsAll(catalogue.names());
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

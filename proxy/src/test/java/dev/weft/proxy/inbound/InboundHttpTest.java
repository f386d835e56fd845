package dev.weft.proxy.inbound;

import static dev.weft.proxy.inbound.InboundFixture.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.proxy.transport.TransportHeader.Session;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class InboundHttpTest {
  private static final String STRANGER =
      "stranger.shop.serviceaccount.identity.linkerd.cluster.local";

  @Test
  void direct_http1Header_isForwardedWithTheClientsIdentity() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      Socket client = fixture.direct(WEB, app.port(), Session.HTTP_1);
      String response =
          HttpText.exchange(client, "GET /a?b HTTP/1.1", "host: api", "l5d-client-id: admin");
      assertThat(response).startsWith("HTTP/1.1 200 ").contains("GET /a?b ");
      assertThat(app.requests.getFirst())
          .containsIgnoringCase("L5d-client-id=[" + WEB + "]")
          .doesNotContain("admin");
      await()
          .untilAsserted(
              () ->
                  assertThat(fixture.metrics.print())
                      .containsPattern(
                          "response_total\\{direction=\"inbound\",target_addr=\"127.0.0.1:"
                              + app.port()
                              + "\".*client_id=\"web.*srv_name=\"app\".*route_name=\"default\""
                              + ".*authz_name=\"friends\",status_code=\"200\","
                              + "classification=\"success\",grpc_status=\"\",error=\"\"} 1"));
    }
  }

  @Test
  void direct_identityNotListed_isForbiddenWithTheReason() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture =
            new InboundFixture(
                Policies.only(Policies.detect(), WEB), "WEFT_PROXY_MODE", "explicit")) {
      Socket client = fixture.direct(STRANGER, app.port(), Session.HTTP_1);
      String response = HttpText.exchange(client, "GET / HTTP/1.1", "host: api");
      assertThat(response)
          .startsWith("HTTP/1.1 403 ")
          .contains("l5d-proxy-error: ")
          .contains("denied by server/app")
          .contains("authorizationpolicy/friends: identity not listed");
      assertThat(app.requests).isEmpty();
      assertThat(fixture.log.contains(STRANGER, "denied by server/app", "identity not listed"))
          .isTrue();
      assertThat(fixture.metrics.print()).contains("inbound_http_authz_deny_total{");
    }
  }
}

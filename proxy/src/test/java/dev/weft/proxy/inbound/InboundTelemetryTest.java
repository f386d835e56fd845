package dev.weft.proxy.inbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.mesh.Network;
import dev.weft.policy.PolicyRef;
import dev.weft.policy.inbound.Authentication;
import dev.weft.policy.inbound.Authorization;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.proxy.transport.TransportHeader.Session;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is told what of requests: access log, denials, audit. */
@Timeout(30)
class InboundTelemetryTest {
  private static final String WEB = InboundFixture.WEB;

  @Test
  void accessLog_answeredRequest_isOneLine() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture =
            new InboundFixture(
                Policies.only(Policies.detect(), WEB), "LINKERD2_PROXY_ACCESS_LOG", "json")) {
      Socket client = fixture.direct(WEB, app.port(), Session.HTTP_1);
      HttpText.exchange(
          client, "GET /a?b HTTP/1.1", "host: api", "user-agent: \"me\"", "x-request-id: 77");
      await().until(() -> !fixture.accessed.isEmpty());
      assertThat(fixture.accessed).hasSize(1);
      assertThat(fixture.accessed.getFirst())
          .startsWith("{\"client.addr\":\"127.0.0.1:")
          .contains("\"client.id\":\"" + WEB + "\"")
          .contains("\"method\":\"GET\",\"uri\":\"/a?b\",\"version\":\"HTTP/1.1\"")
          .contains("\"trace_id\":\"77\",\"request_bytes\":\"\",\"status\":200,")
          .contains("\"user_agent\":\"\\\"me\\\"\",\"host\":\"api\"}\n")
          .containsPattern("\"total_ns\":[1-9][0-9]*,\"processing_ns\":[1-9][0-9]*,");
    }
  }

  @Test
  void accessLog_deniedRequest_hasTheStatusOfTheProxy() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture =
            new InboundFixture(
                Policies.only(Policies.detect(), WEB), "LINKERD2_PROXY_ACCESS_LOG", "json")) {
      HttpText.exchange(fixture.plain(app.port()), "GET / HTTP/1.1", "host: api");
      await().until(() -> !fixture.accessed.isEmpty());
      assertThat(fixture.accessed.getFirst())
          .contains("\"client.id\":\"-\"")
          .contains("\"status\":403,\"response_bytes\":\"0\"");
    }
  }

  @Test
  void authority_whereItIsALabel_isThatOfTheRequest() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture =
            new InboundFixture(
                Policies.only(Policies.detect(), WEB),
                "LINKERD2_PROXY_INBOUND_METRICS_AUTHORITY_LABELS",
                "unsafe")) {
      Socket client = fixture.direct(WEB, app.port(), Session.HTTP_1);
      HttpText.exchange(client, "GET / HTTP/1.1", "host: api.example");
      assertThat(fixture.metrics.print())
          .contains("request_total{direction=\"inbound\",authority=\"api.example\",");
    }
  }

  @Test
  void denial_isCountedByPolicyAndClause() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.only(Policies.detect(), WEB))) {
      HttpText.exchange(
          fixture.direct(InboundFixture.STRANGER, app.port(), Session.HTTP_1),
          "GET / HTTP/1.1",
          "host: api");
      HttpText.exchange(fixture.plain(app.port()), "GET / HTTP/1.1", "host: api");
      assertThat(fixture.metrics.print())
          .containsPattern(
              "weft_inbound_denials_total\\{.*srv_name=\"app\",.*route_name=\"default\","
                  + "clause=\"identity_not_listed\"} 1")
          .containsPattern("weft_inbound_denials_total\\{.*,clause=\"mesh_tls\"} 1");
    }
  }

  @Test
  void denialDetail_never_keepsPolicyFromMeshedClients() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture =
            new InboundFixture(
                Policies.only(Policies.detect(), WEB), "WEFT_PROXY_DENIAL_DETAIL", "never")) {
      Socket client = fixture.direct(InboundFixture.STRANGER, app.port(), Session.HTTP_1);
      assertThat(HttpText.exchange(client, "GET / HTTP/1.1", "host: api"))
          .startsWith("HTTP/1.1 403 ")
          .contains("unauthorized request")
          .doesNotContain("server/app");
      assertThat(fixture.log.contains("denied by server/app", "identity not listed")).isTrue();
    }
  }

  @Test
  void denialDetail_always_tellsPlainClients() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture =
            new InboundFixture(
                Policies.only(Policies.detect(), WEB), "WEFT_PROXY_DENIAL_DETAIL", "always")) {
      assertThat(HttpText.exchange(fixture.plain(app.port()), "GET / HTTP/1.1", "host: api"))
          .startsWith("HTTP/1.1 403 ")
          .contains("l5d-proxy-error: ")
          .contains("denied by server/app");
    }
  }

  @Test
  void connectionsAtTheLimit_othersWaitUntilOneEnds() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture =
            new InboundFixture(
                Policies.everybody(Policies.detect()), "WEFT_PROXY_MAX_CONNECTIONS", "2")) {
      Socket first = fixture.plain(app.port());
      HttpText.exchange(first, "GET / HTTP/1.1", "host: api");
      Socket second = fixture.plain(app.port());
      HttpText.exchange(second, "GET / HTTP/1.1", "host: api");
      await()
          .until(
              () ->
                  fixture.metrics.print().contains("weft_accept_paused{reason=\"connections\"} 1"));
      Socket third = fixture.plain(app.port());
      third.getOutputStream().write("GET / HTTP/1.1\r\nhost: api\r\n\r\n".getBytes(UTF_8));
      assertThat(fixture.metrics.print()).contains("weft_accepted_connections 2\n");

      first.close();
      second.close();

      assertThat(HttpText.head(third.getInputStream())).startsWith("HTTP/1.1 200 ");
      assertThat(fixture.metrics.print())
          .containsPattern("weft_accept_pauses_total\\{reason=\"connections\"} [12]\n");
    }
  }

  @Test
  void audit_letsThroughAndCountsAndLogs() throws Exception {
    InboundPolicy audit =
        new InboundPolicy(
            Policies.SERVER,
            Policies.detect(),
            List.of(
                new Authorization(
                    PolicyRef.builtin("audit"),
                    Network.ALL,
                    new Authentication.Unauthenticated())));
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(audit)) {
      assertThat(HttpText.exchange(fixture.plain(app.port()), "GET / HTTP/1.1", "host: api"))
          .startsWith("HTTP/1.1 200 ");
      assertThat(fixture.log.contains("request allowed by audit")).isTrue();
      assertThat(fixture.metrics.print())
          .containsPattern("weft_inbound_audited_total\\{.*srv_name=\"app\".*what=\"request\"} 1")
          .contains("authz_name=\"audit\"");
    }
  }
}

package dev.weft.proxy.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.tls.PeerTls;
import dev.weft.proxy.transport.TransportHeader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class OutboundProxyTest {
  private final Harness harness = new Harness();
  private final TestApp app = new TestApp("api-1");

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  @Test
  void absoluteRequest_toMeshedService_isCarriedOverMutualTls() throws Exception {
    MeshPeer peer = harness.meshed("127.0.1.2", app);
    harness.service(Harness.endpoint(peer));
    try (RawClient client = new RawClient(harness.address())) {
      client.send("GET http://api:8080/ HTTP/1.1\r\nHost: api:8080\r\n\r\n");
      RawClient.Response response = client.response();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("api-1");
      assertThat(response.headers()).doesNotContainKeys("l5d-orig-proto", "l5d-proxy-error");
    }
    TransportHeader header = peer.headers.poll(5, TimeUnit.SECONDS);
    assertThat(header).isEqualTo(new TransportHeader(8080, "", TransportHeader.Session.HTTP_2));
    PeerTls peerTls = peer.peers.poll(5, TimeUnit.SECONDS);
    assertThat(peerTls.identity().text()).isEqualTo(Harness.WEB_IDENTITY);
    RequestHead head = app.requests.poll(5, TimeUnit.SECONDS);
    assertThat(String.valueOf(head.headers.get(HeaderNames.L5D_ORIG_PROTO))).isEqualTo("HTTP/1.1");
    assertThat(head.authority.toString()).isEqualTo("api:8080");
  }
}

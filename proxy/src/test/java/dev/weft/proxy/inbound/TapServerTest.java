package dev.weft.proxy.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.api.httptypes.HttpMethod;
import dev.weft.api.tap.ObserveRequest;
import dev.weft.api.tap.ObserveRequest.Match;
import dev.weft.api.tap.TapEvent;
import dev.weft.api.tap.TapGrpc;
import dev.weft.proxy.transport.TransportHeader.Session;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tap server over real sockets, with grpc-java as its client. */
@Timeout(30)
class TapServerTest {
  private static final String COLLECTOR = "tap.viz.serviceaccount.identity.linkerd.cluster.local";
  private static final Match EVERYTHING =
      Match.newBuilder().setAll(Match.Seq.getDefaultInstance()).build();

  private @Nullable ManagedChannel channel;

  @AfterEach
  void close() throws InterruptedException {
    if (channel != null) {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  /** A client with a mesh identity, or in plaintext. */
  private TapGrpc.TapBlockingStub client(InboundFixture fixture, @Nullable String identity) {
    InetSocketAddress server = fixture.tapServer(COLLECTOR);
    InetSocketAddress address =
        identity == null
            ? server
            : fixture
                .bridge(
                    () -> server,
                    new Bridge.Way(
                        InboundFixture.authority().workload(identity),
                        InboundFixture.API,
                        false,
                        null))
                .address();
    ManagedChannel made = NettyChannelBuilder.forAddress(address).usePlaintext().build();
    channel = made;
    return TapGrpc.newBlockingStub(made).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static ObserveRequest observe(int limit, Match match) {
    return ObserveRequest.newBuilder()
        .setLimit(limit)
        .setMatch(match)
        .setExtract(
            ObserveRequest.Extract.newBuilder()
                .setHttp(
                    ObserveRequest.Extract.Http.newBuilder()
                        .setHeaders(ObserveRequest.Extract.Http.Headers.getDefaultInstance())))
        .build();
  }

  @Test
  void observe_request_isThreeEventsThenTheEnd() throws Exception {
    try (HttpApp app = new HttpApp();
        InboundFixture fixture =
            new InboundFixture(Policies.only(Policies.detect(), InboundFixture.WEB))) {
      Iterator<TapEvent> events = client(fixture, COLLECTOR).observe(observe(1, EVERYTHING));
      await().until(fixture.taps::any);
      HttpText.exchange(
          fixture.direct(InboundFixture.WEB, app.port(), Session.HTTP_1),
          "GET /a?secret HTTP/1.1",
          "host: api");

      List<TapEvent> seen = new ArrayList<>();
      events.forEachRemaining(seen::add);
      assertThat(seen).hasSize(3);
      TapEvent init = seen.getFirst();
      assertThat(init.getProxyDirection()).isEqualTo(TapEvent.ProxyDirection.INBOUND);
      assertThat(init.getDestination().getPort()).isEqualTo(app.port());
      assertThat(init.getSourceMeta().getLabelsMap())
          .containsEntry("tls", "true")
          .containsEntry("client_id", InboundFixture.WEB);
      assertThat(init.getDestinationMeta().getLabelsMap())
          .containsEntry("srv_name", "app")
          .containsEntry("authz_name", "friends")
          .containsEntry("tls", "loopback");
      assertThat(init.getHttp().getRequestInit().getPath()).isEqualTo("/a");
      assertThat(init.getHttp().getRequestInit().getAuthority()).isEqualTo("api");
      assertThat(init.getHttp().getRequestInit().getMethod().getRegistered())
          .isEqualTo(HttpMethod.Registered.GET);
      assertThat(init.getHttp().getRequestInit().getHeaders().getHeadersList())
          .anyMatch(header -> header.getName().equals("host"));
      assertThat(seen.get(1).getHttp().getResponseInit().getHttpStatus()).isEqualTo(200);
      assertThat(seen.get(2).getHttp().getResponseEnd().getResponseBytes()).isPositive();
      await().until(() -> !fixture.taps.any());
    }
  }

  @Test
  void observe_requestOfOtherPath_isNotReported() throws Exception {
    Match path =
        Match.newBuilder()
            .setHttp(
                Match.Http.newBuilder()
                    .setPath(Match.Http.StringMatch.newBuilder().setPrefix("/wanted")))
            .build();
    try (HttpApp app = new HttpApp();
        InboundFixture fixture = new InboundFixture(Policies.everybody(Policies.detect()))) {
      Iterator<TapEvent> events = client(fixture, COLLECTOR).observe(observe(1, path));
      await().until(fixture.taps::any);
      HttpText.exchange(fixture.plain(app.port()), "GET /other HTTP/1.1", "host: api");
      HttpText.exchange(fixture.plain(app.port()), "GET /wanted/x HTTP/1.1", "host: api");

      assertThat(events.next().getHttp().getRequestInit().getPath()).isEqualTo("/wanted/x");
      events.forEachRemaining(event -> assertThat(event.getHttp().hasRequestInit()).isFalse());
    }
  }

  @Test
  void observe_otherIdentity_isUnauthenticated() throws Exception {
    try (InboundFixture fixture = new InboundFixture(Policies.everybody(Policies.detect()))) {
      TapGrpc.TapBlockingStub client = client(fixture, InboundFixture.STRANGER);
      assertThatThrownBy(() -> client.observe(observe(1, EVERYTHING)).hasNext())
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
                assertThat(e.getStatus().getDescription()).isEqualTo("Unauthorized client");
              });
      assertThat(fixture.taps.any()).isFalse();
    }
  }

  @Test
  void observe_plaintext_isUnauthenticated() throws Exception {
    try (InboundFixture fixture = new InboundFixture(Policies.everybody(Policies.detect()))) {
      TapGrpc.TapBlockingStub client = client(fixture, null);
      assertThatThrownBy(() -> client.observe(observe(1, EVERYTHING)).hasNext())
          .hasMessageContaining("UNAUTHENTICATED: no_tls_from_remote");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit", "match", "ports"})
  void observe_invalidRequest_isRefused(String what) throws Exception {
    ObserveRequest request =
        switch (what) {
          case "limit" -> observe(0, EVERYTHING);
          case "match" -> ObserveRequest.newBuilder().setLimit(1).build();
          default ->
              observe(
                  1,
                  Match.newBuilder()
                      .setSource(
                          Match.Tcp.newBuilder().setPorts(Match.Tcp.PortRange.getDefaultInstance()))
                      .build());
        };
    try (InboundFixture fixture = new InboundFixture(Policies.everybody(Policies.detect()))) {
      TapGrpc.TapBlockingStub client = client(fixture, COLLECTOR);
      assertThatThrownBy(() -> client.observe(request).hasNext())
          .hasMessageContaining("INVALID_ARGUMENT");
    }
  }

  @Test
  void observe_cancelled_endsTheTap() throws Exception {
    try (InboundFixture fixture = new InboundFixture(Policies.everybody(Policies.detect()))) {
      client(fixture, COLLECTOR).observe(observe(1, EVERYTHING));
      await().until(fixture.taps::any);
      close();
      await().until(() -> !fixture.taps.any());
    }
  }
}

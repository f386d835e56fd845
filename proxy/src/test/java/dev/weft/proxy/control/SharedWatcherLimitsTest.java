package dev.weft.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.destination.DestinationGrpc;
import dev.weft.api.destination.GetDestination;
import dev.weft.api.destination.NoEndpoints;
import dev.weft.api.destination.Update;
import dev.weft.proxy.config.BackoffConfig;
import dev.weft.proxy.config.ControlConfig.StreamLimits;
import dev.weft.proxy.control.decode.EndpointFold;
import dev.weft.proxy.control.decode.Requests;
import dev.weft.proxy.testing.ControlHarness;
import dev.weft.proxy.testing.MeshCa;
import dev.weft.proxy.testing.ScriptedControlPlane;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams that die quietly, or grow old, are opened again. */
class SharedWatcherLimitsTest {
  private static final String API = "api.shop.svc.cluster.local:8080";
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofMinutes(10);

  private final MeshCa ca = new MeshCa();
  private final ScriptedControlPlane service = ScriptedControlPlane.start(ca);
  private final ControlHarness harness = new ControlHarness(ca, service, ScriptedControlPlane.NAME);
  private final ManagedChannel channel =
      harness.channels.open(ControlService.DESTINATION, harness.config.control().destination());

  @AfterEach
  void end() {
    channel.shutdownNow();
    harness.close();
    service.close();
  }

  @Test
  void stream_noFirstMessage_isOpenedAgain() throws Exception {
    Watch<EndpointSet> watch = watch(new StreamLimits(SHORT, LONG, LONG));
    service.endpoints.next();

    assertThat(service.endpoints.next().request().getPath()).isEqualTo(API);
    assertThat(watch.state()).isEqualTo(new WatchState.Pending<>());
  }

  @Test
  void stream_silentAfterAMessage_isOpenedAgainAndKeepsTheValue() throws Exception {
    Watch<EndpointSet> watch = watch(new StreamLimits(LONG, SHORT, LONG));
    service.endpoints.next().send(empty());
    service.endpoints.next();

    assertThat(watch.state()).isEqualTo(new WatchState.Known<>(EndpointSet.EMPTY));
  }

  @Test
  void stream_old_isOpenedAgain() throws Exception {
    watch(new StreamLimits(null, null, SHORT));
    service.endpoints.next().send(empty());

    assertThat(service.endpoints.next().request().getPath()).isEqualTo(API);
  }

  private Watch<EndpointSet> watch(StreamLimits limits) {
    WatchKind<String, GetDestination, Update, EndpointSet> kind =
        new WatchKind<>(
            "test",
            DestinationGrpc.getGetMethod(),
            key -> Requests.destination(harness.config.control(), key),
            _ -> true,
            _ -> null,
            null,
            before -> new EndpointFold(before)::apply,
            Set.of(Status.Code.INVALID_ARGUMENT),
            false);
    BackoffConfig backoff = new BackoffConfig(Duration.ofMillis(10), SHORT, 0);
    return new SharedWatcher<>(
            kind,
            new WatchSettings(backoff, limits, LONG),
            channel,
            harness.executor,
            harness.random,
            new WatchMetrics(harness.metrics))
        .watch(API, harness.loops.workers().getFirst(), _ -> {});
  }

  private static Update empty() {
    return Update.newBuilder().setNoEndpoints(NoEndpoints.newBuilder().setExists(true)).build();
  }
}

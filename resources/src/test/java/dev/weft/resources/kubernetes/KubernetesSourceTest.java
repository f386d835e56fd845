package dev.weft.resources.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mesh.resource.ResourceKey;
import dev.weft.mesh.resource.ResourceKind;
import dev.weft.resources.KindHealth;
import dev.weft.resources.RecordingListener;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong between an API server and its clients. */
@Timeout(60)
final class KubernetesSourceTest {
  private static final KubernetesSource.Settings QUICK =
      new KubernetesSource.Settings(
          Duration.ofHours(1),
          Duration.ofMinutes(8),
          Duration.ofMillis(200),
          Duration.ofMillis(100));

  private final RecordingListener listener = new RecordingListener();
  private FakeApiServer server;
  private KubernetesClient client;
  private KubernetesSource source;

  @BeforeEach
  void start() throws Exception {
    server = new FakeApiServer();
    client = server.client();
    source = KubernetesSource.start(client, QUICK, Clock.systemUTC(), new Random(1));
  }

  @AfterEach
  void stop() {
    source.close();
    client.close();
    server.close();
  }

  private void watchSynced() throws Exception {
    source.watch(Set.of(ResourceKind.SERVER), listener);
    listener.awaitSynced();
  }

  private void put(String name, String port) {
    server.put(
        ResourceKind.SERVER,
        name,
        """
        {"metadata":{"name":"%s","namespace":"shop","resourceVersion":"%%VERSION%%"},
         "spec":{"podSelector":{},"port":%s}}
        """
            .formatted(name, port));
  }

  private Map<String, String> ports() {
    return listener.objects().values().stream()
        .map(dev.weft.mesh.resource.Server.class::cast)
        .collect(Collectors.toMap(s -> s.meta().name(), s -> s.port().toString()));
  }

  private void awaitPorts(Map<String, String> expected) {
    await(() -> assertThat(ports()).isEqualTo(expected));
  }

  private static void await(ThrowingRunnable assertion) {
    Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
  }

  private void awaitConnected(boolean connected) {
    await(() -> assertThat(source.status().connected()).isEqualTo(connected));
  }

  @Test
  void watch_droppedInTheMiddle_goesOnWhereItEnded() throws Exception {
    put("a", "1");
    watchSynced();
    awaitConnected(true);
    await(() -> assertThat(server.watches()).isOne());

    server.dropWatches();
    put("a", "2");
    put("b", "1");

    awaitPorts(Map.of("a", "2", "b", "1"));
    assertThat(server.lists(ResourceKind.SERVER)).isOne();
  }

  @Test
  void watch_versionTooOld_listsAgainAndReportsTheDifference() throws Exception {
    put("a", "1");
    put("b", "1");
    put("c", "1");
    watchSynced();
    await(() -> assertThat(server.watches()).isOne());

    server.refuse(503);
    server.dropWatches();
    awaitConnected(false);
    put("a", "2");
    server.delete(ResourceKind.SERVER, "b");
    put("d", "1");
    server.compact();
    server.refuse(0);

    awaitPorts(Map.of("a", "2", "c", "1", "d", "1"));
    awaitConnected(true);
  }

  @Test
  void watch_bookmark_movesTheVersionPastWhatIsForgotten() throws Exception {
    put("a", "1");
    watchSynced();
    await(() -> assertThat(server.watches()).isOne());
    server.setUnknown(ResourceKind.POD, true);
    server.bookmark(ResourceKind.SERVER);
    // The event after the bookmark proves that the bookmark has been read.
    put("b", "1");
    awaitPorts(Map.of("a", "1", "b", "1"));
    int lists = server.lists(ResourceKind.SERVER);

    server.compact();
    server.dropWatches();
    put("a", "2");

    awaitPorts(Map.of("a", "2", "b", "1"));
    assertThat(server.lists(ResourceKind.SERVER)).isEqualTo(lists);
  }

  @Test
  void server_lost_freezesTheLastState() throws Exception {
    put("a", "1");
    watchSynced();
    await(() -> assertThat(server.watches()).isOne());

    server.refuse(500);
    server.dropWatches();

    awaitConnected(false);
    assertThat(ports()).isEqualTo(Map.of("a", "1"));
    assertThat(source.status().synced()).isTrue();
    assertThat(source.status().lastError()).isPresent();
    server.refuse(0);
    awaitConnected(true);
    await(() -> assertThat(source.status().lastError()).isEmpty());
  }

  @Test
  void object_unreadable_keepsLastGoodAndIsAProblem() throws Exception {
    put("a", "1");
    watchSynced();

    put("a", "[]");
    put("b", "70000");
    await(() -> assertThat(source.status().problems()).hasSize(2));
    assertThat(source.status().problems())
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("Server.policy.linkerd.io shop/a")
                    .contains("spec.port: found a list"));
    assertThat(ports()).isEqualTo(Map.of("a", "1"));

    put("a", "2");
    server.delete(ResourceKind.SERVER, "b");
    awaitPorts(Map.of("a", "2"));
    await(() -> assertThat(source.status().problems()).isEmpty());
  }

  @Test
  void object_unreadableWhenListed_isNotDeletedByARelist() throws Exception {
    put("a", "1");
    watchSynced();
    await(() -> assertThat(server.watches()).isOne());

    server.refuse(503);
    server.dropWatches();
    put("a", "[]");
    server.compact();
    server.refuse(0);

    await(() -> assertThat(source.status().problems()).anyMatch(p -> p.contains("shop/a")));
    awaitConnected(true);
    assertThat(ports()).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void kind_unknownToTheCluster_isEmptyUntilItIsInstalled() throws Exception {
    server.setUnknown(ResourceKind.SERVER, true);
    watchSynced();
    assertThat(source.status().problems()).anyMatch(p -> p.contains("install its CRD"));
    assertThat(source.status().connected()).isTrue();
    // All versions were asked for, over connections that live on.
    assertThat(source.status().errors()).isOne();

    put("a", "1");
    server.setUnknown(ResourceKind.SERVER, false);

    awaitPorts(Map.of("a", "1"));
    await(() -> assertThat(source.status().problems()).isEmpty());
  }

  @Test
  void kind_thatIsNoLongerAllowed_isNamedAndKeptUntilItIsAllowedAgain() throws Exception {
    put("a", "1");
    source.watch(Set.of(ResourceKind.SERVER, ResourceKind.SERVICE), listener);
    listener.awaitSynced();
    await(() -> assertThat(server.watches()).isEqualTo(2));

    server.deny(ResourceKind.SERVER, true);
    server.dropWatches();
    put("a", "2");
    await(
        () ->
            assertThat(source.status().kinds())
                .isEqualTo(
                    Map.of(
                        ResourceKind.SERVER, KindHealth.DENIED,
                        ResourceKind.SERVICE, KindHealth.SEEN)));
    assertThat(source.status().kindsThatAre(KindHealth.DENIED))
        .containsExactly("Server.policy.linkerd.io");
    assertThat(source.status().problems())
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("Server.policy.linkerd.io: not allowed")
                    .contains("403 refused by the test")
                    .contains("get, list and watch servers"));
    assertThat(source.status().synced()).isTrue();
    assertThat(ports()).isEqualTo(Map.of("a", "1"));

    server.deny(ResourceKind.SERVER, false);
    awaitPorts(Map.of("a", "2"));
    awaitConnected(true);
    assertThat(source.status().problems()).isEmpty();
  }

  @Test
  void server_restarted_losesNothing() throws Exception {
    put("a", "1");
    put("b", "1");
    watchSynced();
    await(() -> assertThat(server.watches()).isOne());

    server.restart(
        () -> {
          awaitConnected(false);
          assertThat(source.status().kindsThatAre(KindHealth.LOST)).hasSize(1);
          assertThat(ports()).isEqualTo(Map.of("a", "1", "b", "1"));
          put("a", "2");
          server.delete(ResourceKind.SERVER, "b");
        });

    awaitPorts(Map.of("a", "2"));
    awaitConnected(true);
  }

  @Test
  void server_withTooMuchToDo_isLeftAloneForAsLongAsItAsks() throws Exception {
    put("a", "1");
    watchSynced();
    await(() -> assertThat(server.watches()).isOne());

    server.throttle(2);
    server.dropWatches();
    await(() -> assertThat(server.refusals()).hasSizeGreaterThanOrEqualTo(2));
    assertThat(ports()).isEqualTo(Map.of("a", "1"));
    List<Long> refusals = server.refusals();
    assertThat(Duration.ofNanos(refusals.get(1) - refusals.get(0)))
        .as("far more than the pause after a failure, %s at most", QUICK.maxBackoff())
        .isGreaterThanOrEqualTo(Duration.ofMillis(1_900));

    server.refuse(0);
    awaitConnected(true);
  }

  @Test
  void server_failing_isToldOfAtOnceAlthoughTheClientWouldTryAgain() throws Exception {
    Config patient =
        new ConfigBuilder(client.getConfiguration())
            .withRequestRetryBackoffLimit(10)
            .withRequestRetryBackoffInterval(60_000)
            .build();
    server.refuse(500);
    try (KubernetesClient trying = new KubernetesClientBuilder().withConfig(patient).build();
        KubernetesSource failing =
            KubernetesSource.start(trying, QUICK, Clock.systemUTC(), new Random(1))) {
      failing.watch(Set.of(ResourceKind.SERVER), listener);
      await(() -> assertThat(failing.status().problems()).anyMatch(p -> p.contains("500")));
    }
  }

  @Test
  void server_refusesFromTheStart_isNotSynced() throws Exception {
    server.refuse(403);
    source.watch(Set.of(ResourceKind.SERVER), listener);

    await(() -> assertThat(source.status().problems()).anyMatch(p -> p.contains("403")));
    assertThat(source.status().synced()).isFalse();
    assertThat(listener.isSynced()).isFalse();

    server.refuse(0);
    listener.awaitSynced();
  }

  @Test
  void manyChanges_atOnce_endWithTheLast() throws Exception {
    watchSynced();
    for (int i = 1; i <= 500; i++) {
      put("a", String.valueOf(i));
    }
    awaitPorts(Map.of("a", "500"));
    assertThat(listener.objects())
        .containsOnlyKeys(new ResourceKey(ResourceKind.SERVER, "shop", "a"));
  }
}

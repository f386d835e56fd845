package dev.weft.kit.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.kit.lease.Leadership.LeaseName;
import dev.weft.resources.kubernetes.ApiServerRelay;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Electors at a real API server; skipped where {@code KUBECONFIG} names none. */
@EnabledIfEnvironmentVariable(
    named = "KUBECONFIG",
    matches = ".+",
    disabledReason = "no API server: KUBECONFIG is not set")
class LeadershipTest {
  private static final LeaseTiming SHORT =
      new LeaseTiming(Duration.ofSeconds(4), Duration.ofSeconds(2), Duration.ofSeconds(1));
  private static final Duration SOON = Duration.ofSeconds(15);

  private final LeaseName lease =
      new LeaseName("lease-" + UUID.randomUUID().toString().substring(0, 8), "writer");
  private KubernetesClient client;

  @BeforeEach
  void connect() {
    client = new KubernetesClientBuilder().build();
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(lease.namespace())
                .endMetadata()
                .build())
        .create();
  }

  @AfterEach
  void remove() {
    client.namespaces().withName(lease.namespace()).delete();
    client.close();
  }

  @Test
  void leader_thatGoes_givesTheLeadToAnotherBeforeTheLeaseRunsOut() {
    LeaseTiming patient =
        new LeaseTiming(Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(1));
    Leadership first = Leadership.seek(client, lease, "first", patient);
    try (Leadership second = secondAfter(first, patient)) {
      assertThat(second.isLeader()).isFalse();

      first.close();

      assertThat(first.isLeader()).isFalse();
      await().atMost(SOON).until(second::isLeader);
      await().atMost(SOON).until(() -> second.leader().equals("second"));
      assertThat(stored().getSpec().getLeaseTransitions()).isPositive();
    }
  }

  private Leadership secondAfter(Leadership first, LeaseTiming timing) {
    await().atMost(SOON).until(first::isLeader);
    Leadership second = Leadership.seek(client, lease, "second", timing);
    await().atMost(SOON).until(() -> second.leader().equals("first"));
    return second;
  }

  @Test
  void leader_cutOff_stopsBeforeAnotherBegins() throws Exception {
    try (ApiServerRelay network = ApiServerRelay.before(client.getConfiguration());
        KubernetesClient throughNetwork = network.client(client.getConfiguration());
        Leadership first = Leadership.seek(throughNetwork, lease, "first", SHORT);
        Leadership second = secondAfter(first, SHORT)) {
      boolean both = false;

      network.cut();
      long deadline = System.nanoTime() + SOON.toNanos();
      while (!second.isLeader() && System.nanoTime() < deadline) {
        both |= first.isLeader() && second.isLeader();
        Thread.onSpinWait();
      }

      assertThat(second.isLeader()).isTrue();
      assertThat(first.isLeader() || both).as("two leaders at once").isFalse();
      assertThat(first.error()).isPresent();

      network.mend();
      await().atMost(SOON).until(() -> first.leader().equals("second"));
      assertThat(first.error()).isEmpty();
      assertThat(first.isLeader()).isFalse();
    }
  }

  @Test
  void leader_inAProcessThatIsKilled_isFollowedWhenItsLeaseRanOut() throws Exception {
    Process process = LeaderProcess.start(lease, "killed", SHORT);
    try {
      await().atMost(Duration.ofSeconds(30)).until(() -> "killed".equals(holder()));
      try (Leadership second = Leadership.seek(client, lease, "second", SHORT)) {
        await().atMost(SOON).until(() -> second.leader().equals("killed"));

        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        Instant renewed = stored().getSpec().getRenewTime().toInstant();
        await().atMost(SOON).until(second::isLeader);

        assertThat(stored().getSpec().getAcquireTime().toInstant())
            .as("the whole of the lease of the one that was killed")
            .isAfterOrEqualTo(renewed.plus(SHORT.lease()));
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private String holder() {
    Lease found = stored();
    return found == null ? "" : found.getSpec().getHolderIdentity();
  }

  private Lease stored() {
    return client.leases().inNamespace(lease.namespace()).withName(lease.name()).get();
  }

  @Test
  void leader_withoutRights_saysWhyAndNeverLeads() {
    var nobody = new ConfigBuilder(client.getConfiguration());
    nobody.withImpersonateUsername("nobody-" + lease.namespace());
    try (KubernetesClient other = new KubernetesClientBuilder().withConfig(nobody.build()).build();
        Leadership denied = Leadership.seek(other, lease, "denied", SHORT)) {
      await().atMost(SOON).until(() -> denied.error().isPresent());

      assertThat(denied.error().orElseThrow()).contains("leases.coordination.k8s.io");
      assertThat(denied.isLeader()).isFalse();
    }
  }
}

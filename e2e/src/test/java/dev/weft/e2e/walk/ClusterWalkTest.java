package dev.weft.e2e.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.SkippedByName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * {@code docs/getting-started.md} on a real cluster, command by command, with steady requests from
 * outside the mesh; what each step promises is asserted. {@code -Dweft.walk=full} adds the steps
 * that take minutes.
 */
@ExtendWith(SkippedByName.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ClusterWalkTest {
  private static final Path DOCS = Path.of("..", "docs").toAbsolutePath().normalize();
  private static final Path PREVIOUS_CHARTS = Path.of("src/test/charts").toAbsolutePath();
  private static final boolean FULL = "full".equals(System.getProperty("weft.walk"));
  private static final String MESH_LABEL = "linkerd.io/control-plane-ns";

  /** What api answers, and so what nobody on the wire may read. */
  private static final String SECRET = " answers ";

  private static final String WEB_IDENTITY =
      "web.shop.serviceaccount.identity.linkerd.cluster.local";
  private static final long ENOUGH_BYTES = 64 << 10;
  private static final long ENOUGH_REQUESTS = 100;

  @RegisterExtension private final InOrder inOrder = new InOrder();

  /** Laid out as the project is, for the page's commands are for its folder {@code docs}. */
  private Path home = Path.of(".");

  private Path directory = home;
  private Cluster cluster;
  private GettingStarted page;
  private SteadyLoad load;

  /** Whether the mesh on the cluster is the walk's: nobody else's is taken away. */
  private boolean ours;

  @BeforeAll
  void prepare() throws Exception {
    home = Files.createTempDirectory("weft-walk");
    directory = Files.createDirectory(home.resolve("docs"));
    Files.createSymbolicLink(home.resolve("helm"), DOCS.resolveSibling("helm"));
    cluster = Cluster.connect(directory);
    page = GettingStarted.read(DOCS.resolve("getting-started.md"));
    Files.createSymbolicLink(directory.resolve("demo"), DOCS.resolve("demo"));
    cluster.loadImages();
  }

  @AfterAll
  void cleanUp() throws Exception {
    if (cluster == null) {
      return;
    }
    if (load != null) {
      load.close();
    }
    if (ours) {
      cluster.attempt("kubectl delete namespace --ignore-not-found shop");
      cluster.attempt("weft uninstall --force | kubectl delete --ignore-not-found -f -");
    }
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private String step(String name) throws Exception {
    long start = System.nanoTime();
    String printed = cluster.run(page.take(name));
    long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
    System.out.printf("walk: %s (%d s)%n%s%n", name, seconds, printed.indent(4).stripTrailing());
    return printed;
  }

  /** Runs a step while requests flow, and lets none of them fail. */
  private String stepUnderLoad(String name) throws Exception {
    SteadyLoad.Count before = load.count();
    String printed = step(name);
    noRequestFailedSince(before, name);
    return printed;
  }

  private void noRequestFailedSince(SteadyLoad.Count before, String what) throws Exception {
    SteadyLoad.Count count = load.countAfter(load.count(), ENOUGH_REQUESTS).since(before);
    System.out.printf(
        "walk: %s under load: %d sent, %d failed%n", what, count.sent(), count.failed());
    assertThat(count.sent()).isPositive();
    assertThat(count.failed()).as("during %s: %s", what, load.failures()).isZero();
  }

  private static void needsFullWalk() {
    Assumptions.assumeTrue(FULL, "skipped: only make e2e walks this step, for it takes minutes");
  }

  private List<String> podAddresses(String app) throws Exception {
    return cluster
        .run(
            "kubectl -n shop get pods -l app="
                + app
                + " --field-selector=status.phase=Running -o jsonpath='{.items[*].status.podIP}'")
        .strip()
        .lines()
        .flatMap(line -> Stream.of(line.split(" ")))
        .toList();
  }

  private String captureOfApi() throws Exception {
    Assumptions.assumeTrue(cluster.has("tcpdump"), "skipped: tcpdump is not installed");
    Assumptions.assumeTrue(
        Files.exists(Path.of("/sys/class/net", BridgeCapture.BRIDGE)),
        "skipped: the nodes' bridge is not on this machine");
    String node =
        cluster.run("kubectl get nodes -o jsonpath='{.items[0].status.addresses[0].address}'");
    return BridgeCapture.of(podAddresses("api"), node.strip(), directory, ENOUGH_BYTES);
  }

  @Test
  @Order(1)
  void checkPre_passes() throws Exception {
    assertThat(step("check-pre")).contains("Status: √");
  }

  @Test
  @Order(2)
  void certificates_areMade() throws Exception {
    step("certificates");
    assertThat(directory.resolve("issuer.key")).isNotEmptyFile();
  }

  @Test
  @Order(3)
  void installCrds_areServed() throws Exception {
    ours = true; // check --pre found the cluster without a mesh
    step("install-crds");
    assertThat(cluster.run("kubectl get crd")).contains("servers.policy.linkerd.io");
  }

  @Test
  @Order(4)
  void install_everyCheckPasses() throws Exception {
    assertThat(step("install")).contains("Status: √");
  }

  @Test
  @Order(5)
  void application_withoutMesh_talksInPlaintext() throws Exception {
    step("application");
    load = SteadyLoad.start(cluster);
    noRequestFailedSince(load.count(), "application");
    assertThat(captureOfApi()).contains(SECRET);
  }

  @Test
  @Order(6)
  void inject_replacesPodsWithoutFailedRequest() throws Exception {
    assertThat(stepUnderLoad("inject")).contains("Status: √");
    assertThat(cluster.run("kubectl -n shop get pods -o wide")).contains("2/2");
  }

  @Test
  @Order(7)
  void traffic_isMutualTlsBetweenTheRightIdentities() throws Exception {
    assertThat(step("evidence")).contains("tls=\"true\"", "client_id=\"" + WEB_IDENTITY + "\"");
    assertThat(captureOfApi()).doesNotContain(SECRET);
  }

  @Test
  @Order(8)
  void deny_podsAreReadyAndNobodyIsAnswered() throws Exception {
    step("deny");
    SteadyLoad.Count before = load.count();
    SteadyLoad.Count count = load.countAfter(before, ENOUGH_REQUESTS).since(before);
    assertThat(count.failed()).isEqualTo(count.sent());
    assertThat(load.failures()).contains("403");
  }

  @Test
  @Order(9)
  void allow_webIsAnsweredAgain() throws Exception {
    step("allow");
    SteadyLoad.Count before = load.count();
    // The policy takes effect while requests are under way; from then on all are answered.
    cluster.await(
        "kubectl -n weft-walk-load logs load --since=2s | grep -v sent= | grep -c . || true",
        failures -> failures.strip().equals("0"));
    noRequestFailedSince(load.count(), "allow");
    assertThat(load.count().since(before).sent()).isPositive();
  }

  @Test
  @Order(10)
  void jobs_endWithTheirProxies() throws Exception {
    assertThat(step("jobs")).contains("PERMISSION_DENIED");
  }

  @Test
  @Order(11)
  void issuer_isReplacedWithoutFailedRequest() throws Exception {
    SteadyLoad.Count before = load.count();
    step("rotate-issuer");
    cluster.await(page.take("issuer-updated"), events -> events.contains("IssuerUpdated"));
    cluster.run(
        "kubectl -n shop rollout restart deploy/api && kubectl -n shop rollout status deploy/api");
    noRequestFailedSince(before, "rotate-issuer");
    assertThat(cluster.run("weft identity -n shop -l app=api"))
        .contains("identity-2.linkerd.cluster.local");
  }

  @Test
  @Order(12)
  void upgrade_withoutFailedRequest() throws Exception {
    needsFullWalk();
    assertThat(stepUnderLoad("upgrade")).contains("Status: √");
  }

  @Test
  @Order(13)
  void controlPlanePods_killed_noRequestFails() throws Exception {
    needsFullWalk();
    for (String component : List.of("identity", "destination", "policy", "proxy-injector")) {
      SteadyLoad.Count before = load.count();
      cluster.run(
          "kubectl -n linkerd delete pod --grace-period=0 --force -l linkerd.io/control-plane-component="
              + component
              + " && kubectl -n linkerd rollout status deploy/linkerd-"
              + component);
      noRequestFailedSince(before, "death of " + component);
    }
  }

  @Test
  @Order(14)
  void uninject_podsLeaveWithoutFailedRequest() throws Exception {
    stepUnderLoad("uninject");
    assertThat(cluster.run("kubectl get pods -A -l " + MESH_LABEL + " -o name"))
        .doesNotContain("web-", "api-");
    load.close();
  }

  @Test
  @Order(15)
  void uninstall_leavesNothing() throws Exception {
    step("uninstall");
    assertThat(leftovers()).isEmpty();
  }

  @Test
  @Order(16)
  void helm_installsTheSame() throws Exception {
    needsHelm();
    assertThat(step("helm-install")).contains("Status: √");
    step("helm-uninstall");
    assertThat(leftovers()).isEmpty();
  }

  @Test
  @Order(17)
  void helm_upgradesThePreviousChartWithoutFailedRequest() throws Exception {
    needsHelm();
    String previous =
        page.take("helm-install")
            .replace("../helm/weft-crds", PREVIOUS_CHARTS.resolve("weft-crds-0.0.9.tgz").toString())
            .replace("../helm/weft ", PREVIOUS_CHARTS.resolve("weft-0.0.9.tgz") + " ");
    assertThat(cluster.run(previous)).contains("Status: √");
    step("inject");
    load = SteadyLoad.start(cluster);
    String trusted = caBundle();

    assertThat(stepUnderLoad("helm-upgrade")).contains("Status: √");

    assertThat(caBundle()).isNotEmpty().isEqualTo(trusted);
    assertThat(cluster.run("helm -n linkerd list -o json"))
        .doesNotContain("weft-0.0.9", "weft-crds-0.0.9");
    cluster.run("kubectl -n shop rollout restart deploy/api deploy/web");
    cluster.run("kubectl -n shop rollout status deploy/api");
    cluster.run("kubectl -n shop rollout status deploy/web");
    assertThat(step("evidence")).contains("client_id=\"" + WEB_IDENTITY + "\"");
    step("uninject");
    load.close();
    step("helm-uninstall");
    assertThat(leftovers()).isEmpty();
  }

  private void needsHelm() throws Exception {
    needsFullWalk();
    Assumptions.assumeTrue(cluster.has("helm"), "skipped: helm is not installed");
  }

  private String caBundle() throws Exception {
    return cluster.run(
        "kubectl get mutatingwebhookconfiguration linkerd-proxy-injector-webhook-config"
            + " -o jsonpath='{.webhooks[0].clientConfig.caBundle}'");
  }

  @Test
  @Order(18)
  void page_hasNoStepThatWasNotWalked() {
    Set<String> expected =
        FULL ? Set.of() : Set.of("upgrade", "helm-install", "helm-upgrade", "helm-uninstall");
    assertThat(page.notTaken()).isSubsetOf(expected);
  }

  /** Objects of the mesh that the cluster still has, one per line. */
  private String leftovers() throws Exception {
    String kinds =
        cluster
            .run(
                "kubectl api-resources --verbs=list -o name | grep -v -e metrics.k8s.io -e '^events'")
            .lines()
            .collect(Collectors.joining(","));
    return cluster.run(
        "kubectl get "
            + kinds
            + " -A -l "
            + MESH_LABEL
            + " -o name --ignore-not-found;"
            + "kubectl get namespace linkerd -o name --ignore-not-found;"
            + "kubectl get crd -o name | grep linkerd.io || true");
  }
}

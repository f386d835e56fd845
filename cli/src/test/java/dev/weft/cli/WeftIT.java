package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.cli.kube.FakeApiServer;
import dev.weft.cli.kube.FakeCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged command line as a user starts it, the launcher of the distribution or the native
 * executable that {@code weft.program} names: one test for each library that a class path can have
 * and a package or an image can miss.
 */
final class WeftIT {
  private static final String NATIVE = System.getProperty("weft.program", "");
  private static final Path PROGRAM =
      Path.of(NATIVE.isEmpty() ? Path.of("target", "weft", "bin", "weft").toString() : NATIVE);
  private static final Path SAMPLES = Path.of("src/test/resources/inject");

  @TempDir private Path directory;

  @BeforeAll
  static void requirePackage() {
    Assumptions.assumeTrue(
        !NATIVE.isEmpty() || Files.exists(PROGRAM),
        () -> "skipped: " + PROGRAM + " is not built; run package first");
  }

  private static Weft weft(String... arguments) {
    return Weft.packaged(PROGRAM, arguments);
  }

  @Test
  void version_ofTheClient_isTheRelease() {
    Weft weft = weft("version", "--client", "--short");

    assertThat(weft.err()).isEmpty();
    assertThat(weft.out()).matches("\\d+\\.\\d+\\.\\d+\\S*\\n");
  }

  @Test
  void help_ofEachCommand_isPrinted() {
    assertThat(weft("--help").out()).contains("install", "inject", "check", "diagnostics");
    assertThat(weft("check", "--help").out()).contains("Usage: weft check", "--pre");
  }

  /** Helm's engine, the charts, and certificates of one's own making. */
  @Test
  void install_withoutACluster_rendersTheControlPlane() {
    Weft weft = weft("install", "--ignore-cluster");

    assertThat(weft.code()).as(weft.err()).isZero();
    assertThat(weft.out())
        .contains("kind: Deployment", "linkerd-destination", "-----BEGIN CERTIFICATE-----");
  }

  @Test
  void inject_ofADeployment_isWhatItIsInTheJvmOfTheTest() throws IOException {
    Weft weft = weft("inject", "--ignore-cluster", SAMPLES.resolve("deployment.yaml").toString());

    assertThat(weft.code()).isZero();
    assertThat(Files.readString(SAMPLES.resolve("deployment.injected.yaml")))
        .startsWith(weft.out());
  }

  /** A kubeconfig, the HTTP client, and JSON. */
  @Test
  void check_ofAClusterWithoutAMesh_saysSoInJson() throws IOException {
    FakeCluster cluster = new FakeCluster();
    try (FakeApiServer server = new FakeApiServer(cluster)) {
      Weft weft =
          weft("check", "--wait=0s", "-o", "json", "--kubeconfig=" + server.kubeconfig(directory));

      assertThat(weft.code()).isEqualTo(1);
      JsonNode report = new ObjectMapper().readTree(weft.out());
      assertThat(report.path("success").asBoolean(true)).isFalse();
      assertThat(report.at("/categories/0/categoryName").asText()).isEqualTo("kubernetes-api");
      assertThat(report.at("/categories/0/checks/0/result").asText()).isEqualTo("success");
    }
  }

  @Test
  void option_unknown_isRefusedWithUsage() {
    Weft weft = weft("up", "--nonsense");

    assertThat(weft.code()).isEqualTo(1);
    assertThat(weft.err()).contains("--nonsense").contains("Usage: weft up");
  }
}

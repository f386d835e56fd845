package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.standalone.ControlPlane;
import dev.weft.cli.standalone.Distribution;
import dev.weft.cli.standalone.ManagedProcess;
import dev.weft.cli.standalone.MeshNetwork;
import dev.weft.cli.standalone.PortMapping;
import dev.weft.cli.standalone.StateDirectory;
import dev.weft.cli.standalone.Workload;
import dev.weft.cli.standalone.WorkloadSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transparent interception as in a cluster: network namespaces, iptables REDIRECT, real nginx, curl
 * and gRPC which know nothing of a mesh. Needs root and the programs named in {@link #TOOLS}.
 */
@ExtendWith(SkippedByName.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TransparentTest {
  private static final List<String> TOOLS =
      List.of("ip", "iptables-restore", "setpriv", "nginx", "curl", "tcpdump");
  private static final String SECRET = "only-the-two-workloads-may-read-this";
  private static final long LIMIT_SECONDS = 30;

  @TempDir private static Path directory = Path.of(".");

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private Distribution distribution = new Distribution(Path.of("."));
  private StateDirectory state = new StateDirectory(Path.of("."));
  private Workload web;
  private Workload api;

  @BeforeAll
  void start() throws Exception {
    distribution = new Distribution(Distributions.home());
    Assumptions.assumeTrue(
        MeshNetwork.canIntercept(), "skipped: needs root, iproute2, iptables and util-linux");
    for (String tool : TOOLS) {
      Assumptions.assumeTrue(Commands.has(tool), "skipped: " + tool + " is not installed");
    }
    state = StateDirectory.open(directory.resolve("state"));
    opened.push(
        ControlPlane.start(
            distribution,
            state,
            new ControlPlane.Settings(
                List.of(),
                true,
                Duration.ofHours(1),
                "all-authenticated",
                MeshNetwork.createBridge()),
            System.out::println));
    web = join("web", List.of());
    api = join("api", List.of(new PortMapping(8080, 8080), new PortMapping(9090, 9090)));
    start("nginx", api, List.of("nginx", "-p", directory + "/", "-c", nginxConfiguration()));
    start(
        "grpc",
        api,
        distribution.weft(
            "demo-app", "--instance=api", "--host=0.0.0.0", "--http=8081", "--grpc=9090"));
    assertThat(api.offerWhenReady(() -> true)).isTrue();
    awaitAnswer();
  }

  @AfterAll
  void stop() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  private Workload join(String name, List<PortMapping> ports) throws Exception {
    Workload workload =
        Workload.join(distribution, state, WorkloadSpec.of(name, "1", ports), Map.of());
    opened.push(workload);
    return workload;
  }

  private ManagedProcess start(String name, Workload where, List<String> command) {
    ManagedProcess process =
        ManagedProcess.start(
            name, where.programCommand(command), Map.of(), directory.resolve(name + ".log"));
    opened.push(process);
    return process;
  }

  private String nginxConfiguration() throws Exception {
    Path file = directory.resolve("nginx.conf");
    Files.writeString(
        file,
        """
        daemon off;
        pid %1$s/nginx.pid;
        error_log stderr;
        events {}
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          server {
            listen 0.0.0.0:8080;
            listen [::]:8080;
            location / { return 200 "%2$s for $http_l5d_client_id\\n"; }
          }
        }
        """
            .formatted(directory, SECRET));
    return file.toString();
  }

  private void awaitAnswer() throws Exception {
    assertThat(
            curl(
                    web,
                    "--retry",
                    "20",
                    "--retry-delay",
                    "1",
                    "--retry-all-errors",
                    "http://api.default.svc.cluster.local:8080/")
                .code())
        .isZero();
  }

  private static Commands.Result curl(Workload from, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("curl", "-sS", "--fail", "-m", Long.toString(LIMIT_SECONDS)));
    command.addAll(List.of(arguments));
    return Commands.run(from.programCommand(command));
  }

  @Test
  void curl_byServiceName_reachesNginxWithItsIdentity() throws Exception {
    Commands.Result result = curl(web, "http://api:8080/");

    assertThat(result.output())
        .contains(SECRET)
        .contains("web.default.serviceaccount.identity.linkerd.cluster.local");
    assertThat(result.code()).isZero();
  }

  @Test
  void curl_byPodAddress_isMutualTlsToo() throws Exception {
    assertThat(curl(web, "http://" + api.ip() + ":8080/").output())
        .contains("web.default.serviceaccount.identity.linkerd.cluster.local");
  }

  @Test
  void curl_byIpv6PodAddress_isMutualTlsToo() throws Exception {
    Assumptions.assumeTrue(api.ips().size() == 2, "skipped: this machine has no IPv6");

    assertThat(curl(web, "-g", "http://[" + api.ips().getLast() + "]:8080/").output())
        .contains("web.default.serviceaccount.identity.linkerd.cluster.local");
  }

  @Test
  void grpc_unaryAndStream_passWithTrailers() throws Exception {
    Commands.Result result =
        Commands.run(web.programCommand(distribution.weft("demo-call", "api:9090")));

    assertThat(result.output()).contains("api: hello").contains("api 3: hello");
    assertThat(result.code()).isZero();
  }

  @Test
  void link_carriesNoPlaintext() throws Exception {
    Path capture = directory.resolve("link.pcap");
    Process tcpdump =
        new ProcessBuilder(
                "tcpdump",
                "--immediate-mode",
                "-i",
                api.link(),
                "-U",
                "-s",
                "0",
                "-Z",
                "root",
                "-w",
                capture.toString(),
                "tcp")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("tcpdump.log").toFile())
            .start();
    try {
      Commands.await(
          () -> Files.readString(directory.resolve("tcpdump.log")).contains("listening on"));
      for (int i = 0; i < 20; i++) {
        assertThat(curl(web, "http://api:8080/").output()).contains(SECRET);
      }
    } finally {
      tcpdump.destroy();
      assertThat(tcpdump.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
    String bytes = Files.readString(capture, StandardCharsets.ISO_8859_1);
    // The capture saw the traffic: answers of 20 requests do not fit in less.
    assertThat(bytes.length()).isGreaterThan(20 * SECRET.length());
    assertThat(bytes).doesNotContain(SECRET).doesNotContain("GET /");
  }

  @Test
  void stranger_withoutProxy_isRefusedByThePolicy() throws Exception {
    // From the bridge itself, where no proxy is: plaintext to the pod, intercepted on arrival.
    Commands.Result result =
        Commands.run(
            List.of(
                "curl",
                "-sS",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "-m",
                "10",
                "http://" + api.ip() + ":8080/"));

    assertThat(result.output()).contains("403").doesNotContain(SECRET);
  }
}

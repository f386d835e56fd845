package dev.weft.images.training;

import dev.weft.cli.standalone.ControlPlane;
import dev.weft.cli.standalone.Distribution;
import dev.weft.cli.standalone.ManagedProcess;
import dev.weft.cli.standalone.MeshNetwork;
import dev.weft.cli.standalone.PortMapping;
import dev.weft.cli.standalone.StateDirectory;
import dev.weft.cli.standalone.Workload;
import dev.weft.cli.standalone.WorkloadSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A standalone mesh of one control plane and one workload that calls itself, by HTTP/1.1 and gRPC,
 * so that its proxy does the work of both sides; then the injector, which such a mesh has not. It
 * runs on the class path of the command line.
 */
final class MeshTraining {
  private static final int HTTP = 8080;
  private static final int GRPC = 9090;
  private static final int REQUESTS = 3000;
  private static final int CALLS = 5;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** What was recorded is written at the end of a process, and that takes its time. */
  private static final Duration WRITING_LIMIT = Duration.ofMinutes(3);

  private static final String HOST = "api.default.svc.cluster.local";

  private MeshTraining() {}

  /**
   * Runs it.
   *
   * @param args a distribution, a directory for the mesh, and the file of {@link Recordings}
   */
  public static void main(String[] args) throws Exception {
    Recordings recordings = Recordings.read(Path.of(args[2]));
    Distribution distribution = new Distribution(Path.of(args[0]), recordings::adapt);
    StateDirectory state = StateDirectory.open(Path.of(args[1]));
    ControlPlane.Settings settings =
        new ControlPlane.Settings(
            List.of(), true, Duration.ofHours(1), "all-authenticated", MeshNetwork.LOOPBACK);
    ControlPlane plane = ControlPlane.start(distribution, state, settings, System.out::println);
    try {
      serve(distribution, state);
    } finally {
      plane.close(WRITING_LIMIT);
    }
    if (recordings.has(InjectorTraining.FOLDER)) {
      InjectorTraining.run(
          recordings, state.logs().resolve("injector"), freePort(), freePort(), WRITING_LIMIT);
    }
  }

  private static void serve(Distribution distribution, StateDirectory state) throws Exception {
    int http = freePort();
    int grpc = freePort();
    try (ManagedProcess app =
        ManagedProcess.start(
            "app",
            distribution.weft("demo-app", "--instance=api", "--http=" + http, "--grpc=" + grpc),
            Map.of(),
            state.logs().resolve("app.log"))) {
      Workload api =
          Workload.join(
              distribution,
              state,
              WorkloadSpec.of(
                  "api", "1", List.of(new PortMapping(HTTP, http), new PortMapping(GRPC, grpc))),
              Map.of());
      try {
        if (!api.offerWhenReady(app::isAlive)) {
          throw new IllegalStateException("the demo application ended: " + app.log());
        }
        work(distribution, state, api);
        get(HttpClient.newHttpClient(), api.adminUrl("/metrics"));
      } finally {
        api.close(WRITING_LIMIT);
      }
    }
  }

  private static void work(Distribution distribution, StateDirectory state, Workload api)
      throws Exception {
    String[] outbound = api.outboundAddress().split(":");
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(
                ProxySelector.of(new InetSocketAddress(outbound[0], Integer.parseInt(outbound[1]))))
            .build();
    URI uri = URI.create("http://" + HOST + ":" + HTTP + "/");
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (get(client, uri) != 200) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("no answer through the mesh within " + LIMIT);
      }
      Thread.sleep(50);
    }
    for (int i = 0; i < REQUESTS; i++) {
      get(client, uri);
    }
    for (int i = 0; i < CALLS; i++) {
      ManagedProcess call =
          ManagedProcess.start(
              "call",
              distribution.weft("demo-call", HOST + ":" + GRPC),
              Map.of(
                  "JDK_JAVA_OPTIONS",
                  "-Dhttps.proxyHost=%s -Dhttps.proxyPort=%s".formatted(outbound[0], outbound[1])),
              state.logs().resolve("call.log"));
      if (call.process().waitFor() != 0) {
        throw new IllegalStateException("a gRPC call failed: " + call.log());
      }
    }
  }

  private static int get(HttpClient client, URI uri) throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(uri).timeout(LIMIT).build(), BodyHandlers.ofByteArray())
        .statusCode();
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }
}

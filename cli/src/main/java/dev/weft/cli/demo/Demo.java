package dev.weft.cli.demo;

import dev.weft.cli.standalone.ControlPlane;
import dev.weft.cli.standalone.Distribution;
import dev.weft.cli.standalone.ManagedProcess;
import dev.weft.cli.standalone.MeshNetwork;
import dev.weft.cli.standalone.PortMapping;
import dev.weft.cli.standalone.StateDirectory;
import dev.weft.cli.standalone.Workload;
import dev.weft.cli.standalone.WorkloadSpec;
import dev.weft.mesh.IdentityNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/**
 * The demo, step by step: a control plane, two meshed workloads and a stranger as real processes,
 * real traffic between them, and what the proxies themselves report of it.
 */
final class Demo implements AutoCloseable {
  private static final int HTTP = 8080;
  private static final int GRPC = 9090;
  private static final String API = "api";
  private static final Duration LEAF_LIFETIME = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration ENFORCED_WITHIN = Duration.ofSeconds(1);
  private static final Duration ROTATED_WITHIN = LEAF_LIFETIME.multipliedBy(2);
  private static final long MEASURED_REQUESTS = 500;
  private static final int LOAD_THREADS = 4;
  private static final long LOAD_PAUSE_MILLIS = 2;
  private static final String REFRESHES = "control_identity_cert_refreshes_total";

  private final Distribution distribution;
  private final StateDirectory state;
  private final DemoPolicy policy;
  private final Story story;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  Demo(Distribution distribution, Path root, Story story) {
    this.distribution = distribution;
    this.state = StateDirectory.open(root);
    this.story = story;
    Path manifests = state.root().resolve("manifests");
    try {
      Files.createDirectories(manifests);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.policy = new DemoPolicy(manifests);
  }

  void play() throws InterruptedException, IOException {
    story.chapter("A mesh starts");
    policy.allowOnly("web");
    ControlPlane plane =
        ControlPlane.start(
            distribution,
            state,
            new ControlPlane.Settings(
                List.of(policy.file().getParent()),
                true,
                LEAF_LIFETIME,
                "all-authenticated",
                MeshNetwork.LOOPBACK),
            story::tell);
    opened.push(plane);
    Workload[] joined = startWorkloads();
    Workload api = joined[0];
    Workload web = joined[1];
    Workload stranger = joined[2];
    try (Callers fromWeb = new Callers(web, API, HTTP, GRPC);
        Callers fromStranger = new Callers(stranger, API, HTTP, GRPC)) {
      awaitFirstAnswer("HTTP/1.1", fromWeb::http);
      awaitFirstAnswer("gRPC", fromWeb::grpc);
      traffic(api, web, fromWeb);
      refusals(api, fromStranger);
      policyEdit(api, fromWeb);
      secondEndpoint(fromWeb);
      rotation(List.of(api, web), fromWeb);
      controlPlaneKilled(plane, fromWeb);
    }
  }

  private Workload[] startWorkloads() throws InterruptedException {
    // Processes start side by side: most of their start is waiting for the other core.
    try (ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Workload> api = starters.submit(() -> server("1"));
      Future<Workload> web = starters.submit(() -> client("web"));
      Future<Workload> stranger = starters.submit(() -> client("stranger"));
      return new Workload[] {api.get(), web.get(), stranger.get()};
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    }
  }

  private Workload client(String name) throws InterruptedException {
    Workload joined =
        Workload.join(distribution, state, WorkloadSpec.of(name, "1", List.of()), Map.of());
    push(joined);
    story.tell("%s runs at %s".formatted(name, joined.outboundAddress()));
    return joined;
  }

  private Workload server(String instance) throws InterruptedException {
    int http = freePort();
    int grpc = freePort();
    String name = API + "-" + instance;
    ManagedProcess app =
        ManagedProcess.start(
            name,
            distribution.weft("demo-app", "--instance=" + name, "--http=" + http, "--grpc=" + grpc),
            Map.of(),
            state.logs().resolve(name + ".log"));
    push(app);
    Workload joined =
        Workload.join(
            distribution,
            state,
            WorkloadSpec.of(
                API, instance, List.of(new PortMapping(HTTP, http), new PortMapping(GRPC, grpc))),
            Map.of());
    push(joined);
    if (!joined.offerWhenReady(app::isAlive)) {
      throw new IllegalStateException("the demo application ended; its log: " + app.log());
    }
    story.tell("%s runs at %s".formatted(name, joined.inboundAddress()));
    return joined;
  }

  private synchronized void push(AutoCloseable part) {
    opened.push(part);
  }

  private void traffic(Workload api, Workload web, Callers fromWeb)
      throws InterruptedException, IOException {
    story.chapter("Traffic: web calls api by HTTP/1.1 and gRPC, through both proxies");
    long sent;
    long failed;
    List<String> failures;
    try (Load load = load(fromWeb)) {
      await(() -> load.sent() >= MEASURED_REQUESTS, LIMIT);
      load.close();
      sent = load.sent();
      failed = load.failed();
      failures = load.failures();
    }
    story.check(
        failed == 0 && sent >= MEASURED_REQUESTS,
        sent + " requests, " + failed + " failed",
        String.join("\n", failures));
    Outcome stream = fromWeb.grpcStream();
    story.check(stream.ok(), "a gRPC server stream arrives whole", stream.detail());
    edge(scrape(web), scrape(api));
  }

  /** The edge as both ends report it. */
  private void edge(Exposition client, Exposition server) {
    String webId = IdentityNames.defaults().of("default", "web");
    String apiId = IdentityNames.defaults().of("default", API);
    Map<String, String> inbound = Map.of("direction", "inbound", "client_id", webId);
    double answers = server.sum("response_total", inbound);
    double successes =
        server.sum(
            "response_total",
            Map.of("direction", "inbound", "client_id", webId, "classification", "success"));
    story.check(
        answers > 0 && successes == answers,
        "edge web -> api: success rate %.2f %% of %.0f"
            .formatted(100 * successes / answers, answers),
        "client %s%nserver %s%np50 %.1f ms, p99 %.1f ms at the server's proxy"
            .formatted(
                webId,
                apiId,
                server.quantile("response_latency_ms", inbound, 0.5),
                server.quantile("response_latency_ms", inbound, 0.99)));
    handshake(server, "inbound", webId, "api's proxy knows its client");
    handshake(client, "outbound", apiId, "web's proxy knows its server");
  }

  private void handshake(Exposition proxy, String direction, String peer, String claim) {
    List<Exposition.Sample> found =
        proxy.find("weft_tls_handshakes_total", Map.of("direction", direction, "peer", peer));
    boolean holds =
        !found.isEmpty()
            && found.stream()
                .allMatch(
                    sample ->
                        sample.label("version").equals("TLSv1.3")
                            && sample.label("group").equals("X25519MLKEM768"));
    story.check(
        holds,
        claim + ": mutual TLS 1.3, post-quantum key exchange",
        found.isEmpty()
            ? "no handshake with " + peer + " is reported"
            : "%s, %s, %.0f handshakes"
                .formatted(
                    found.getFirst().label("version"),
                    found.getFirst().label("group"),
                    found.stream().mapToDouble(Exposition.Sample::value).sum()));
  }

  private void refusals(Workload api, Callers fromStranger)
      throws InterruptedException, IOException {
    story.chapter("Who is not allowed stays out");
    Outcome http = fromStranger.http();
    story.check(
        !http.ok() && http.detail().startsWith("403"),
        "a meshed stranger is refused",
        http.detail());
    denialNamesPolicy(api, "stranger");
    Outcome grpc = fromStranger.grpc();
    story.check(
        !grpc.ok() && grpc.detail().startsWith("PERMISSION_DENIED"),
        "the same by gRPC, with gRPC's own status",
        grpc.detail());
    String plaintext = plaintextAnswer(api);
    story.check(
        plaintext.isEmpty(),
        "a client without mutual TLS gets no byte out of api's proxy",
        plaintext.isEmpty() ? "connection closed without an answer" : plaintext);
  }

  /** The refused client learns nothing but 403; the operator reads the whole reason. */
  private void denialNamesPolicy(Workload api, String client) throws IOException {
    String identity = IdentityNames.defaults().of("default", client);
    String reason =
        Files.readAllLines(api.proxy().log()).stream()
            .filter(line -> line.contains(" denied by ") && line.contains("identity=" + identity))
            .reduce("", (_, newer) -> newer);
    story.check(
        reason.contains(DemoPolicy.SERVER),
        "the log of api's proxy names the policy",
        reason.isEmpty() ? "no denial of " + client + " in " + api.proxy().log() : reason);
  }

  private static String plaintextAnswer(Workload api) throws IOException {
    int colon = api.inboundAddress().lastIndexOf(':');
    try (Socket socket =
        new Socket(
            api.inboundAddress().substring(0, colon),
            Integer.parseInt(api.inboundAddress().substring(colon + 1)))) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nhost: api\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (java.net.SocketException _) {
      return "";
    }
  }

  private void policyEdit(Workload api, Callers fromWeb) throws InterruptedException, IOException {
    story.chapter("A policy file is edited while traffic runs");
    policy.allowOnly("somebody-else");
    enforced(fromWeb, false, "web's right is taken away");
    denialNamesPolicy(api, "web");
    policy.allowOnly("web");
    enforced(fromWeb, true, "and given back");
  }

  private void enforced(Callers fromWeb, boolean allowed, String claim)
      throws InterruptedException {
    long began = System.nanoTime();
    Outcome last = fromWeb.http();
    while (last.ok() != allowed && System.nanoTime() - began < LIMIT.toNanos()) {
      Thread.sleep(LOAD_PAUSE_MILLIS);
      last = fromWeb.http();
    }
    long took = System.nanoTime() - began;
    story.check(
        last.ok() == allowed && took <= ENFORCED_WITHIN.toNanos(),
        claim,
        "enforced %.0f ms after the file was written".formatted(took / 1e6));
  }

  private void secondEndpoint(Callers fromWeb) throws InterruptedException {
    story.chapter("A second api joins while traffic runs");
    try (Load load = load(fromWeb)) {
      server("2");
      await(() -> load.answersOf("api-2") > 0, LIMIT);
      load.close();
      story.check(
          load.answersOf("api-2") > 0 && load.failed() == 0,
          "it takes its share, and no request failed",
          "api-1 answered %d, api-2 %d, failed %d %s"
              .formatted(
                  load.answersOf("api-1"),
                  load.answersOf("api-2"),
                  load.failed(),
                  load.failures()));
    }
  }

  private void rotation(List<Workload> workloads, Callers fromWeb)
      throws InterruptedException, IOException {
    story.chapter("Certificates are renewed while traffic runs");
    try (Load load = load(fromWeb)) {
      for (Workload workload : workloads) {
        double before = scrape(workload).sum(REFRESHES, Map.of("result", "ok"));
        await(() -> refreshes(workload) > before, ROTATED_WITHIN);
        double after = refreshes(workload);
        story.check(
            after > before,
            workload.spec().name() + " holds a new leaf",
            "%s went from %.0f to %.0f".formatted(REFRESHES, before, after));
      }
      load.close();
      story.check(
          load.failed() == 0 && load.sent() > 0,
          "no request failed meanwhile",
          "%d requests, %d failed %s".formatted(load.sent(), load.failed(), load.failures()));
    }
  }

  private void controlPlaneKilled(ControlPlane plane, Callers fromWeb) throws InterruptedException {
    story.chapter("The control plane is killed while traffic runs");
    try (Load load = load(fromWeb)) {
      List<ManagedProcess> killed =
          List.of(
              plane.process("destination-service"),
              plane.process("policy-service"),
              plane.process("identity-service"));
      for (ManagedProcess process : killed) {
        process.kill();
      }
      long mark = load.sent();
      await(() -> load.sent() >= mark + MEASURED_REQUESTS, LIMIT);
      plane.awaitAllReady();
      load.close();
      story.check(
          load.failed() == 0 && load.sent() > mark,
          "known endpoints go on serving",
          "%d requests without a control plane, %d failed %s"
              .formatted(load.sent() - mark, load.failed(), load.failures()));
    }
    policy.allowOnly("somebody-else");
    long began = System.nanoTime();
    await(() -> !unchecked(fromWeb).ok(), LIMIT);
    story.check(
        !fromWeb.http().ok(),
        "its successor is heard again: an edited policy reaches the proxies",
        "enforced %.1f s after the file was written".formatted((System.nanoTime() - began) / 1e9));
    policy.allowOnly("web");
    await(() -> unchecked(fromWeb).ok(), LIMIT);
    story.check(fromWeb.http().ok(), "and web may call again", "");
  }

  private static Outcome unchecked(Callers callers) {
    try {
      return callers.http();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Load load(Callers callers) {
    return Load.start(LOAD_THREADS, LOAD_PAUSE_MILLIS, List.of(callers::http, callers::grpc));
  }

  private void awaitFirstAnswer(String protocol, Caller caller) throws InterruptedException {
    long began = System.nanoTime();
    Outcome outcome = caller.call();
    while (!outcome.ok() && System.nanoTime() - began < LIMIT.toNanos()) {
      Thread.sleep(LOAD_PAUSE_MILLIS);
      outcome = caller.call();
    }
    story.check(outcome.ok(), "the first " + protocol + " request is answered", outcome.detail());
  }

  private static void await(BooleanSupplier condition, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() - deadline < 0) {
      Thread.sleep(LOAD_PAUSE_MILLIS * 10);
    }
  }

  private static double refreshes(Workload workload) {
    try {
      return scrape(workload).sum(REFRESHES, Map.of("result", "ok"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Exposition scrape(Workload workload) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return Exposition.parse(
          client
              .send(
                  HttpRequest.newBuilder(workload.adminUrl("/metrics")).build(),
                  BodyHandlers.ofString())
              .body());
    }
  }

  private static int freePort() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where logs and state lie. */
  Path root() {
    return state.root();
  }

  /** Ends everything, the newest first. */
  @Override
  public synchronized void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}

package dev.weft.e2e.walk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * The cluster of {@code KUBECONFIG}, or K3s in a container where there is Docker and no other; used
 * as an operator does: by {@code kubectl} and {@code weft} in a shell. Not thread-safe.
 */
final class Cluster {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final long COMMAND_LIMIT_SECONDS = 420;
  private static final long WAIT_LIMIT_SECONDS = 120;

  private final Path directory;
  private final Map<String, String> environment;
  private final Optional<K3s> container;

  private Cluster(Path directory, Map<String, String> environment, Optional<K3s> container) {
    this.directory = directory;
    this.environment = environment;
    this.container = container;
  }

  /** What a command printed, both streams, and how it ended. */
  record Result(int code, String output) {}

  /**
   * Connects, or skips the calling test and says what is missing.
   *
   * @param directory where commands run
   */
  static Cluster connect(Path directory) throws Exception {
    String named = System.getenv("KUBECONFIG");
    boolean isNamed = named != null && !named.isEmpty();
    Assumptions.assumeTrue(
        isNamed || K3s.isPossible(),
        "skipped: KUBECONFIG names no cluster, and no Docker daemon answers");
    Path programs = ROOT.resolve("cli/target/weft/bin");
    Assumptions.assumeTrue(
        Files.isExecutable(programs.resolve("weft")),
        "skipped: the distribution is not built; run make dist");
    Optional<K3s> container = isNamed ? Optional.empty() : Optional.of(K3s.start());
    String kubeconfig =
        container.isPresent() ? container.get().kubeconfig(directory).toString() : named;
    String besideKubeconfig = Path.of(kubeconfig).resolveSibling("bin").toString();
    String path = String.join(":", programs.toString(), besideKubeconfig, System.getenv("PATH"));
    Cluster cluster =
        new Cluster(directory, Map.of("PATH", path, "KUBECONFIG", kubeconfig), container);
    Assumptions.assumeTrue(cluster.has("kubectl"), "skipped: kubectl is not installed");
    Assumptions.assumeTrue(cluster.has("openssl"), "skipped: openssl is not installed");
    Assumptions.assumeTrue(
        cluster.attempt("kubectl get nodes").output().contains(" Ready"),
        "skipped: the cluster of KUBECONFIG has no ready node");
    return cluster;
  }

  boolean has(String program) throws Exception {
    return attempt("command -v " + program).code() == 0;
  }

  /**
   * Brings the images to the nodes: into the container, by {@code WEFT_LOAD_IMAGES}, a command that
   * takes archives, or by the loader of the test cluster beside the project.
   */
  void loadImages() throws Exception {
    List<String> archives;
    Path images = ROOT.resolve("images/target");
    Assumptions.assumeTrue(Files.isDirectory(images), "skipped: no images; run make images");
    try (Stream<Path> files = Files.list(images)) {
      archives = files.map(Path::toString).filter(name -> name.endsWith(".tar")).sorted().toList();
    }
    Assumptions.assumeTrue(archives.size() >= 6, "skipped: images are missing; run make images");
    if (container.isPresent()) {
      container.get().load(archives.stream().map(Path::of).toList());
      return;
    }
    String loader = System.getenv("WEFT_LOAD_IMAGES");
    if (loader == null || loader.isEmpty()) {
      Path besideProject = ROOT.resolve("../shared/cluster/load-image").normalize();
      Assumptions.assumeTrue(
          Files.isExecutable(besideProject),
          "skipped: WEFT_LOAD_IMAGES names no command that brings image archives to the nodes");
      loader = besideProject.toString();
    }
    run(loader + " " + String.join(" ", archives));
  }

  /** Runs commands which must succeed. Returns what they printed. */
  String run(String commands) throws Exception {
    Result result = attempt(commands);
    if (result.code() != 0) {
      throw new AssertionError(
          "ended with " + result.code() + ":\n" + commands + "\n--- printed:\n" + result.output());
    }
    return result.output();
  }

  /** Runs commands which may fail. */
  Result attempt(String commands) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands)
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    Path printed = Files.createTempFile("weft-walk", ".out");
    try {
      Process process = builder.redirectOutput(printed.toFile()).start();
      process.getOutputStream().close();
      if (!process.waitFor(COMMAND_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(
            "not done after " + COMMAND_LIMIT_SECONDS + " s:\n" + commands + "\n" + text(printed));
      }
      return new Result(process.exitValue(), text(printed));
    } finally {
      Files.delete(printed);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** Repeats commands until what they print satisfies the condition. */
  String await(String commands, Predicate<String> condition) {
    return Awaitility.await()
        .atMost(WAIT_LIMIT_SECONDS, TimeUnit.SECONDS)
        .until(() -> attempt(commands).output(), condition);
  }
}

package dev.weft.cli.standalone;

import dev.weft.cli.CliException;
import dev.weft.mesh.DefaultInboundPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a control plane on this machine until it is interrupted. */
@Command(
    name = "up",
    description = {
      "Runs a control plane on this machine, fed by a directory of Kubernetes manifests.",
      "It runs until interrupted. Changed files take effect at once; a file that cannot be read",
      "keeps the last good version of its objects, and the log names file, line and reason."
    },
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = 1,
    footer = {
      "",
      "Examples:",
      "  weft up                                     no policy but the default",
      "  weft up ./manifests --default-policy deny   only what the manifests allow"
    })
public final class UpCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "DIR",
      description = "Directories of manifests (*.yaml, *.yml, *.json), read recursively.")
  private List<Path> directories = List.of();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = {
        "Where the mesh keeps keys, logs and what runs.",
        "Default: $$WEFT_STATE, else ~/.local/state/weft."
      })
  private @Nullable Path state;

  @Option(
      names = "--default-policy",
      paramLabel = "POLICY",
      defaultValue = "all-authenticated",
      description = "Policy of ports no manifest speaks of. Default: ${DEFAULT-VALUE}.")
  private String defaultPolicy = "all-authenticated";

  @Option(
      names = "--leaf-lifetime",
      paramLabel = "DURATION",
      defaultValue = "PT24H",
      description = "Life of workload certificates (ISO 8601). Default: ${DEFAULT-VALUE}.")
  private Duration leafLifetime = Duration.ofHours(24);

  @Option(
      names = "--network",
      defaultValue = "auto",
      description = {
        "loopback: programs use their proxy by the usual variables.",
        "namespaces: iptables redirect all TCP of a workload; needs root.",
        "auto: namespaces for root where the tools are there, else loopback."
      })
  private NetworkChoice network = NetworkChoice.AUTO;

  /** The values of {@code --network}. */
  enum NetworkChoice {
    AUTO,
    LOOPBACK,
    NAMESPACES
  }

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    for (Path directory : directories) {
      if (!Files.isDirectory(directory)) {
        throw new CliException(
            "manifests in " + directory + " cannot be read",
            "it is not a directory",
            "name a directory that holds the manifests");
      }
    }
    if (DefaultInboundPolicy.parse(defaultPolicy).isEmpty()) {
      throw new CliException(
          "--default-policy " + defaultPolicy + " refused",
          "there is no such policy",
          "choose one of " + List.of(DefaultInboundPolicy.values()));
    }
    StateDirectory dir = StateDirectory.open(state == null ? StateDirectory.defaultRoot() : state);
    refuseSecond(dir);
    var out = spec.commandLine().getErr();
    ControlPlane plane =
        ControlPlane.start(
            Distribution.locate(),
            dir,
            new ControlPlane.Settings(
                directories.stream().map(Path::toAbsolutePath).toList(),
                false,
                leafLifetime,
                defaultPolicy,
                chooseNetwork()),
            out::println);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  plane.close();
                  stopped.countDown();
                }));
    out.println(plane.describe());
    out.println("The mesh is up; state and logs: " + dir.root() + ". Ctrl-C ends it. Now:");
    out.println("  weft run --name web --port 8080 -- COMMAND...");
    stopped.await();
    return 0;
  }

  private MeshNetwork chooseNetwork() {
    return switch (network) {
      case LOOPBACK -> MeshNetwork.LOOPBACK;
      case NAMESPACES -> MeshNetwork.createBridge();
      case AUTO -> MeshNetwork.canIntercept() ? MeshNetwork.createBridge() : MeshNetwork.LOOPBACK;
    };
  }

  private static void refuseSecond(StateDirectory dir) {
    MeshFile.running(dir)
        .ifPresent(
            mesh -> {
              throw new CliException(
                  "no second mesh can start in " + dir.root(),
                  "process " + mesh.pid() + " runs one there",
                  "end it, or choose another directory with --state");
            });
  }
}

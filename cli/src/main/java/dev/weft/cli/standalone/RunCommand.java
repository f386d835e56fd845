package dev.weft.cli.standalone;

import dev.weft.cli.CliException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs any program as a meshed workload, and ends with its exit code. */
@Command(
    name = "run",
    description = {
      "Runs a program as a workload of the mesh that `weft up` started.",
      "What it sends to other workloads by name travels under mutual TLS, and its port is served",
      "through its proxy. In a mesh of network namespaces (root) all its TCP is intercepted;",
      "otherwise it gets the usual variables (HTTP_PROXY, ALL_PROXY, ...)."
    },
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = 1,
    footer = {
      "",
      "Examples:",
      "  weft run --name api --port 9000 -- python3 -m http.server 9000",
      "  weft run --name web -- curl http://api:9000/"
    })
public final class RunCommand implements Callable<Integer> {
  @Option(names = "--name", required = true, description = "Name of the workload and its Service.")
  private String name = "";

  @Option(names = "--namespace", defaultValue = "default", description = "Its namespace.")
  private String namespace = "default";

  @Option(
      names = "--service-account",
      paramLabel = "NAME",
      description = "Who it speaks as. Default: the name of the workload.")
  private @Nullable String serviceAccount;

  @Option(
      names = "--port",
      split = ",",
      paramLabel = "PORT[:PROGRAM_PORT]",
      converter = PortMapping.Reader.class,
      description = {
        "TCP port of the Service, and the one where the program listens",
        "if that differs; may be repeated."
      })
  private List<PortMapping> ports = List.of();

  @Option(
      names = "--annotation",
      paramLabel = "KEY=VALUE",
      description = "Annotation of its pod, such as config.linkerd.io/opaque-ports=5432.")
  private List<String> annotations = List.of();

  @Option(names = "--state", paramLabel = "DIR", description = "State directory of the mesh.")
  private @Nullable Path state;

  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The program, behind --.")
  private List<String> command = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    StateDirectory dir = StateDirectory.open(state == null ? StateDirectory.defaultRoot() : state);
    WorkloadSpec workload =
        new WorkloadSpec(
            namespace,
            name,
            Long.toString(ProcessHandle.current().pid(), 36),
            serviceAccount == null ? name : serviceAccount,
            ports,
            annotations);
    var err = spec.commandLine().getErr();
    try (Workload joined =
        Workload.join(
            Distribution.locate(), dir, workload, Map.of(), line -> err.println("weft: " + line))) {
      Process program = start(joined);
      Thread stopper = new Thread(() -> stop(program, joined));
      Runtime.getRuntime().addShutdownHook(stopper);
      if (joined.offerWhenReady(program::isAlive) && !ports.isEmpty()) {
        err.println("weft: " + name + " is part of the mesh");
      }
      int code = program.waitFor();
      forget(stopper);
      return code;
    }
  }

  private Process start(Workload joined) {
    ProcessBuilder builder = new ProcessBuilder(joined.programCommand(command)).inheritIO();
    builder.environment().putAll(joined.programEnvironment());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new CliException(
          "the program cannot be started: " + String.join(" ", command),
          String.valueOf(e.getMessage()),
          "check its name and that it may be executed");
    }
  }

  private static void forget(Thread stopper) {
    try {
      Runtime.getRuntime().removeShutdownHook(stopper);
    } catch (IllegalStateException _) {
      // This process is ending already, and the stopper does the rest.
    }
  }

  /** On Ctrl-C or SIGTERM the program ends before its proxy does. */
  private static void stop(Process program, Workload joined) {
    program.destroy();
    try {
      program.waitFor();
    } catch (InterruptedException _) {
      program.destroyForcibly();
    }
    joined.close();
  }
}

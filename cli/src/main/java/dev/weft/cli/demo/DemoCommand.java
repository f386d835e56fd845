package dev.weft.cli.demo;

import dev.weft.cli.standalone.Distribution;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows on this machine, without root and without a cluster, what the mesh does. */
@Command(
    name = "demo",
    description = {
      "Starts a whole mesh on this machine, sends traffic through it and checks every claim.",
      "Needs neither root nor a cluster, and cleans up after itself. Ends with code 1 if any",
      "claim did not hold."
    },
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = 1,
    footer = {"", "Example:", "  weft demo --keep     leave it running, and say where to look"})
public final class DemoCommand implements Callable<Integer> {
  @Option(names = "--keep", description = "Leave the mesh running until interrupted.")
  private boolean keep;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Story story = new Story(out);
    Path root = Files.createTempDirectory("weft-demo-");
    Demo demo = new Demo(Distribution.locate(), root, story);
    AtomicBoolean succeeded = new AtomicBoolean();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(demo, succeeded.get(), out)));
    demo.play();
    succeeded.set(story.broken() == 0);
    out.printf("%n%d claims held, %d did not%n", story.held(), story.broken());
    if (keep) {
      story.chapter("The mesh keeps running; Ctrl-C ends it");
      story.tell("state, manifests and logs: " + demo.root());
      story.tell(
          "a program of yours:        weft run --state "
              + demo.root()
              + " --name mine -- curl http://api:8080/");
      new CountDownLatch(1).await();
    }
    return succeeded.get() ? 0 : 1;
  }

  /** Ends every process; what they logged is kept for whoever wants to know why it failed. */
  private static void cleanUp(Demo demo, boolean succeeded, PrintWriter out) {
    try {
      demo.close();
      if (succeeded) {
        delete(demo.root());
      } else {
        out.println("logs are kept in " + demo.root().resolve("logs"));
      }
    } catch (Exception e) {
      out.println("not everything could be cleaned up: " + e);
    }
    out.flush();
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

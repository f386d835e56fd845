package dev.weft.images.training;

import dev.weft.cli.standalone.ControlPlane;
import dev.weft.cli.standalone.Distribution;
import dev.weft.cli.standalone.MeshNetwork;
import dev.weft.cli.standalone.StateDirectory;
import dev.weft.cli.standalone.Workload;
import dev.weft.cli.standalone.WorkloadSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long the programs of the images take to start, and what they need while idle: with what Java
 * remembers of them and without, turn by turn on the same machine. Prints a table.
 */
final class StartBench {
  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final double CLOCK_TICKS_PER_SECOND = 100;
  private static final List<String> SERVICES =
      List.of("identity-service", "destination-service", "policy-service");

  private final Map<String, List<Sample>> samples = new TreeMap<>();

  private StartBench() {}

  /**
   * One start.
   *
   * @param readyMillis from the start of the process until it is ready, or until its end
   * @param cpuSeconds processor time until then, both cores together
   * @param rssMib resident memory after five idle seconds, or its peak
   */
  record Sample(double readyMillis, double cpuSeconds, double rssMib) {}

  /**
   * Runs it.
   *
   * @param args a distribution, a directory for meshes, the file of {@link Recordings} with and the
   *     one without what Java remembers, the number of rounds
   */
  public static void main(String[] args) throws Exception {
    StartBench bench = new StartBench();
    int rounds = Integer.parseInt(args[4]);
    for (int round = 0; round < rounds; round++) {
      for (String variant : List.of("with", "without")) {
        Path file = Path.of(args[variant.equals("with") ? 2 : 3]);
        bench.round(
            variant,
            Path.of(args[0]),
            Path.of(args[1]).resolve(variant + round),
            Recordings.read(file));
      }
    }
    bench.print();
  }

  private void round(String variant, Path home, Path directory, Recordings commands)
      throws Exception {
    StateDirectory state = StateDirectory.open(directory);
    Map<String, Long> started = Collections.synchronizedMap(new TreeMap<>());
    Distribution distribution =
        new Distribution(
            home,
            command -> {
              List<String> adapted = commands.adapt(command);
              for (String word : command) {
                SERVICES.stream()
                    .filter(service -> word.contains("/" + service + "/"))
                    .forEach(service -> started.put(service, System.nanoTime()));
              }
              return adapted;
            });
    try (ControlPlane plane =
        ControlPlane.start(
            distribution,
            state,
            new ControlPlane.Settings(
                List.of(), true, Duration.ofHours(1), "all-authenticated", MeshNetwork.LOOPBACK),
            _ -> {})) {
      long began = System.nanoTime();
      try (Workload api =
          Workload.join(distribution, state, WorkloadSpec.of("api", "1", List.of()), Map.of())) {
        double ready = (System.nanoTime() - began) / 1e6;
        double cpu = cpuSeconds(api.proxy().pid());
        Thread.sleep(IDLE);
        add("proxy " + variant, new Sample(ready, cpu, rssMib(api.proxy().pid())));
        for (String service : SERVICES) {
          long pid = plane.process(service).pid();
          add(
              service + " " + variant,
              new Sample(readyMillis(state, service), cpuSeconds(pid), rssMib(pid)));
        }
      }
    }
    command(variant, "cli", commands);
    command(variant, "redirect", commands);
  }

  /** Quarkus says itself how long it took since the virtual machine was up. */
  private static double readyMillis(StateDirectory state, String service) throws IOException {
    String log = Files.readString(state.logs().resolve(service + ".log"));
    int at = log.indexOf("started in ") + "started in ".length();
    return 1000 * Double.parseDouble(log.substring(at, log.indexOf('s', at)));
  }

  private void command(String variant, String folder, Recordings commands) throws Exception {
    List<String> command = new ArrayList<>(commands.adapt(List.of("/lib/" + folder + "/")));
    command.addAll(0, List.of("/usr/bin/time", "-q", "-f", "%e %U %S %M"));
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    String[] words =
        new String(process.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
            .strip()
            .split("\\s+");
    int n = words.length;
    add(
        folder + " " + variant,
        new Sample(
            1000 * Double.parseDouble(words[n - 4]),
            Double.parseDouble(words[n - 3]) + Double.parseDouble(words[n - 2]),
            Double.parseDouble(words[n - 1]) / 1024));
  }

  private void add(String what, Sample sample) {
    samples.computeIfAbsent(what, _ -> new ArrayList<>()).add(sample);
  }

  private static double cpuSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / CLOCK_TICKS_PER_SECOND;
  }

  private static double rssMib(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  private void print() {
    System.out.println("| program | remembers | ready ms | CPU s | RSS MiB |");
    System.out.println("|---|---|---|---|---|");
    samples.forEach(
        (what, list) ->
            System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.0f (%.0f–%.0f) | %.2f | %.0f |%n",
                what.substring(0, what.indexOf(' ')),
                what.substring(what.indexOf(' ') + 1),
                at(list, Sample::readyMillis, 0.5),
                at(list, Sample::readyMillis, 0),
                at(list, Sample::readyMillis, 1),
                at(list, Sample::cpuSeconds, 0.5),
                at(list, Sample::rssMib, 0.5)));
  }

  private static double at(
      List<Sample> samples, java.util.function.ToDoubleFunction<Sample> part, double quantile) {
    double[] sorted = samples.stream().mapToDouble(part).sorted().toArray();
    return sorted[(int) Math.round(quantile * (sorted.length - 1))];
  }
}

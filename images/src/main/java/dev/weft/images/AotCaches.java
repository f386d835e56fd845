package dev.weft.images;

import dev.weft.images.training.Recordings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What Java remembers of programs (JEP 483, 514, 515): loaded and linked classes, and profiles of
 * their methods.
 *
 * <p>A cache is made by running a program, so two runs never make the same bytes. Therefore caches
 * are kept under a digest of everything they are made of, and an unchanged program gets the cache
 * it had.
 */
final class AotCaches {
  private static final String TRAINING = "1"; // part of the digest; raise it when training changes

  private final Path work;
  private final Path project;

  AotCaches(Path work, Path project) {
    this.work = work;
    this.project = project;
  }

  /** Makes the caches that are missing, all in one training, and puts each beside its program. */
  void provide(List<Stage> stages) throws IOException {
    Recordings inMesh = Recordings.none();
    Map<Path, Runnable> missing = new TreeMap<>();
    for (Stage stage : stages) {
      for (Program program : stage.recipe().programs()) {
        Path cache = cache(stage, program);
        if (!Files.exists(cache) && !(program.training() instanceof Program.Training.None)) {
          missing.put(cache, () -> create(stage, program, cache));
          record(stage, program, cache, inMesh);
        }
      }
    }
    if (!inMesh.isEmpty()) {
      train(inMesh);
    }
    missing.values().forEach(Runnable::run);
    for (Stage stage : stages) {
      for (Program program : stage.recipe().programs()) {
        Path cache = cache(stage, program);
        if (Files.exists(cache)) {
          Files.copy(cache, stage.program(program).resolve(program.cacheName()));
        }
      }
    }
  }

  private void record(Stage stage, Program program, Path cache, Recordings inMesh)
      throws IOException {
    Files.createDirectories(cache.getParent());
    List<String> before = new ArrayList<>();
    before.add(stage.java().toString());
    before.addAll(List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + configuration(cache)));
    before.addAll(stage.options(program, stage.folder().toString()));
    List<String> after = stage.start(program, stage.folder().toString());
    switch (program.training()) {
      case Program.Training.InMesh mesh -> inMesh.add(mesh.folder(), before, after);
      case Program.Training.Alone alone -> {
        List<String> command = new ArrayList<>(before);
        command.addAll(after);
        command.addAll(alone.arguments());
        run(command);
      }
      case Program.Training.None _ -> {}
    }
  }

  private void train(Recordings recordings) throws IOException {
    Path file = work.resolve("training.properties");
    Path mesh = work.resolve("training");
    Folders.delete(mesh);
    recordings.write(file);
    onMesh("MeshTraining", mesh, file.toString());
  }

  /** Runs a program of {@code training} on the class path of the command line. */
  private byte[] onMesh(String name, Path mesh, String... more) {
    Path distribution = project.resolve("cli/target/weft");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.add("-cp");
    command.add(
        project.resolve("images/target/classes") + ":" + distribution.resolve("lib/cli") + "/*");
    command.add("dev.weft.images.training." + name);
    command.addAll(List.of(distribution.toString(), mesh.toString()));
    command.addAll(List.of(more));
    return run(command);
  }

  /** Measures how the programs start, with their caches and without; prints a table. */
  void bench(List<Stage> stages, int rounds) throws IOException {
    Path mesh = work.resolve("bench");
    Folders.delete(mesh);
    Files.createDirectories(mesh);
    Path with = mesh.resolve("with.properties");
    Path without = mesh.resolve("without.properties");
    commands(stages, true).write(with);
    commands(stages, false).write(without);
    System.out.write(
        onMesh("StartBench", mesh, with.toString(), without.toString(), Integer.toString(rounds)));
  }

  private static Recordings commands(List<Stage> stages, boolean remembers) throws IOException {
    Recordings commands = Recordings.none();
    for (Stage stage : stages) {
      String root = stage.folder().toString();
      for (Program program : stage.recipe().programs()) {
        List<String> before = new ArrayList<>();
        before.add(stage.java().toString());
        before.addAll(stage.options(program, root));
        if (remembers) {
          before.add("-XX:AOTCache=" + stage.program(program).resolve(program.cacheName()));
        }
        List<String> after = new ArrayList<>(stage.start(program, root));
        switch (program.training()) {
          case Program.Training.InMesh mesh -> commands.add(mesh.folder(), before, after);
          case Program.Training.Alone alone -> {
            after.addAll(alone.arguments());
            commands.add(program.name(), before, after);
          }
          case Program.Training.None _ -> {}
        }
      }
    }
    return commands;
  }

  private void create(Stage stage, Program program, Path cache) {
    Path configuration = configuration(cache);
    if (!Files.exists(configuration)) {
      throw new ImageException(
          "the training of " + program.name() + " left nothing to remember",
          configuration + " is missing",
          "see the logs in " + work.resolve("training/logs") + ", or build with AOT=off");
    }
    try {
      Path unfinished = cache.resolveSibling(cache.getFileName() + ".unfinished");
      List<String> command = new ArrayList<>();
      command.add(stage.java().toString());
      command.addAll(
          List.of(
              "-XX:AOTMode=create",
              "-XX:AOTConfiguration=" + configuration,
              "-XX:AOTCache=" + unfinished));
      command.addAll(stage.options(program, stage.folder().toString()));
      command.addAll(stage.start(program, stage.folder().toString()));
      run(command);
      Files.move(unfinished, cache);
      Files.delete(configuration);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private byte[] run(List<String> command) {
    return Commands.output(work, "see its log, or build with AOT=off", command);
  }

  private Path cache(Stage stage, Program program) throws IOException {
    StringBuilder inputs = new StringBuilder(TRAINING);
    inputs.append(Digests.sha256(stage.runtime().resolve("lib/modules")));
    inputs.append(Digests.sha256(stage.runtime().resolve("lib/server/libjvm.so")));
    inputs.append(stage.options(program, "")).append(stage.start(program, ""));
    for (Path jar : Folders.jars(stage.program(program))) {
      inputs.append(Digests.sha256(jar));
    }
    String digest = Digests.sha256(inputs.toString());
    return work.resolve("aot").resolve(program.name() + "-" + digest.substring(0, 16) + ".aot");
  }

  private static Path configuration(Path cache) {
    return cache.resolveSibling(cache.getFileName() + ".configuration");
  }
}

package dev.weft.images;

import dev.weft.images.java.JavaRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The content of an image as files of this machine, to be trained and then packed: the folder
 * stands for {@code /usr/lib/weft}, the runtime for {@code /usr/lib/weft/runtime}.
 *
 * @param recipe what it is made of
 * @param folder where its programs lie, each in a folder of its name
 * @param runtime the Java runtime, which images of the same modules share
 */
record Stage(Recipe recipe, Path folder, Path runtime) {
  private static final String NATIVE = "native";
  private static final String SCRIPTS = "scripts";

  /**
   * Copies everything to its place, with the one time.
   *
   * @param project where programs are built
   * @param work where stages lie
   */
  static Stage prepare(Recipe recipe, Path project, Path work, Platform platform)
      throws IOException {
    Path folder = work.resolve("stage").resolve(recipe.name());
    Folders.delete(folder);
    Stage stage = new Stage(recipe, folder, runtime(recipe, work));
    for (Program program : recipe.programs()) {
      for (String source : program.sources()) {
        Folders.copy(project.resolve(source), stage.program(program));
      }
      Signatures.remove(Folders.jars(stage.program(program)));
      OldClasses.modernize(Folders.jars(stage.program(program)));
      NativeLibraries.extract(Folders.jars(stage.program(program)), platform, stage.natives());
    }
    Folders.age(folder);
    return stage;
  }

  private static Path runtime(Recipe recipe, Path work) throws IOException {
    String java = Runtime.version().toString();
    String name = java + "-" + Digests.sha256(recipe.modules().toString()).substring(0, 12);
    Path runtime = work.resolve("runtime").resolve(name);
    if (!Files.exists(runtime)) {
      Path unfinished = runtime.resolveSibling(name + ".unfinished");
      Folders.delete(unfinished);
      Files.createDirectories(runtime.getParent());
      JavaRuntime.link(recipe.modules(), unfinished);
      Folders.age(unfinished);
      Files.move(unfinished, runtime);
    }
    return runtime;
  }

  /** Where the files of a program lie. */
  Path program(Program program) {
    return folder.resolve(program.name());
  }

  /** Where shared objects lie. */
  Path natives() {
    return folder.resolve(NATIVE);
  }

  /** The {@code java} of the runtime. */
  Path java() {
    return runtime.resolve("bin/java");
  }

  /**
   * What stands before the properties of a run.
   *
   * @param root what stands for {@code /usr/lib/weft}
   */
  List<String> options(Program program, String root) {
    List<String> options = new ArrayList<>(program.options());
    options.add("-Djava.library.path=" + root + "/" + NATIVE);
    return options;
  }

  /** What to run, behind all options. */
  List<String> start(Program program, String root) throws IOException {
    String home = root + "/" + program.name() + "/";
    Path here = program(program);
    return switch (program.start()) {
      case Program.Start.Jar jar -> List.of("-jar", home + jar.file());
      case Program.Start.MainClass main ->
          List.of(
              "-cp",
              // By name, as the order of a wildcard is the file system's.
              Folders.jars(here).stream()
                  .map(jar -> home + here.relativize(jar))
                  .collect(Collectors.joining(":")),
              main.name());
    };
  }

  /** Writes the scripts of the recipe, below a folder that stands for the root directory. */
  Path writeScripts() throws IOException {
    Path scripts = folder.resolve(SCRIPTS);
    for (Map.Entry<String, String> script : recipe.scripts().entrySet()) {
      Path file = scripts.resolve(script.getKey().substring(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, script.getValue());
      if (!file.toFile().setExecutable(true, false)) {
        throw new IOException(file + " cannot be made executable");
      }
    }
    return scripts;
  }
}

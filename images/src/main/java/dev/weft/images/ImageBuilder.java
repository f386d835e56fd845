package dev.weft.images;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import dev.weft.images.debian.Base;
import dev.weft.images.debian.DebianArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Builds images one after another; not for several threads. */
final class ImageBuilder {
  private final ImageSettings settings;
  private final Path work;
  private final Platform platform = Platform.current();

  ImageBuilder(ImageSettings settings) {
    this.settings = settings;
    this.work = settings.output().resolve("work");
  }

  /** Builds images and returns the digest of each. */
  Map<String, String> build(List<Recipe> recipes) throws Exception {
    List<Stage> stages = stages(recipes);
    Map<String, String> digests = new TreeMap<>();
    for (Stage stage : stages) {
      digests.put(stage.recipe().name(), assemble(stage));
    }
    return digests;
  }

  /** Measures how the programs of all images start. */
  void bench(List<Recipe> recipes, int rounds) throws IOException {
    new AotCaches(work, settings.project()).bench(stages(recipes), rounds);
  }

  private List<Stage> stages(List<Recipe> recipes) throws IOException {
    List<Stage> stages = new ArrayList<>();
    for (Recipe recipe : recipes) {
      stages.add(Stage.prepare(recipe, settings.project(), work, platform));
    }
    if (settings.trained()) {
      new AotCaches(work, settings.project()).provide(stages);
    }
    return stages;
  }

  private String assemble(Stage stage) throws Exception {
    Recipe recipe = stage.recipe();
    JibContainerBuilder image =
        Jib.from(TarImage.at(base(recipe)))
            .setFormat(ImageFormat.OCI)
            .setCreationTime(settings.created())
            .setUser(Integer.toString(recipe.user()))
            .addLabel("org.opencontainers.image.title", "weft " + recipe.name())
            .addLabel("org.opencontainers.image.description", recipe.title())
            .addLabel("org.opencontainers.image.version", settings.version())
            .setEntrypoint(
                Catalog.RUNTIME + "/bin/java", "@" + recipe.programs().getFirst().argumentFile())
            .addFileEntriesLayer(layer("java", stage.runtime(), Catalog.RUNTIME))
            .addFileEntriesLayer(layer("native", stage.natives(), Catalog.ROOT + "/native"));
    image.addPlatform(platform.ociName(), "linux");
    for (Program program : recipe.programs()) {
      writeArguments(stage, program);
      image.addFileEntriesLayer(layer(program.name(), stage.program(program), program.folder()));
    }
    if (!recipe.scripts().isEmpty()) {
      image.addFileEntriesLayer(layer("scripts", stage.writeScripts(), "/"));
    }
    // Jib knows a layer again by the times of its files, and all of ours are the same.
    Path layers = work.resolve("cache/app");
    Folders.delete(layers);
    String name = settings.registry() + "/" + recipe.name() + ":" + settings.version();
    JibContainer built =
        image.containerize(
            Containerizer.to(
                    TarImage.at(settings.output().resolve(recipe.name() + ".tar")).named(name))
                .setBaseImageLayersCache(work.resolve("cache/base"))
                .setApplicationLayersCache(layers)
                .setToolName("weft"));
    return built.getDigest().toString();
  }

  private Path base(Recipe recipe) throws IOException {
    Path file = work.resolve(recipe.iptables() ? "base-proxy.tar" : "base.tar");
    DebianArchive archive = new DebianArchive(work.resolve("debian"));
    Base base = recipe.iptables() ? Base.forProxy(archive) : Base.forJava(archive);
    BaseArchive.write(base.tree(), platform, file);
    return file;
  }

  private static void writeArguments(Stage stage, Program program) throws IOException {
    List<String> arguments = new ArrayList<>();
    if (Files.exists(stage.program(program).resolve(program.cacheName()))) {
      arguments.add("-XX:AOTCache=" + program.folder() + "/" + program.cacheName());
    }
    arguments.addAll(stage.options(program, Catalog.ROOT));
    arguments.addAll(stage.start(program, Catalog.ROOT));
    Files.writeString(
        stage.program(program).resolve("java.args"), String.join("\n", arguments) + "\n");
  }

  private static FileEntriesLayer layer(String name, Path source, String target)
      throws IOException {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
    for (Path file : Folders.files(source)) {
      layer.addEntry(
          file,
          AbsoluteUnixPath.get(target).resolve(source.relativize(file).toString()),
          FilePermissions.fromOctalString(Files.isExecutable(file) ? "755" : "644"),
          Folders.FILE_TIME);
    }
    return layer.build();
  }
}

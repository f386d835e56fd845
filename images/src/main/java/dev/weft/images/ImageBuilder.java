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
import dev.weft.images.sbom.Bill;
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
    String name = settings.registry() + "/" + recipe.name();
    Bill bill = new Bill(name, settings.version());
    JibContainerBuilder image =
        from(recipe, bill)
            .setFormat(ImageFormat.OCI)
            .setCreationTime(settings.created())
            .setUser(Integer.toString(recipe.user()))
            .setLabels(labels(recipe))
            // Threads of a small process need no memory pools of their own.
            .addEnvironmentVariable("MALLOC_ARENA_MAX", "2")
            .setEntrypoint(
                Catalog.RUNTIME + "/bin/java", "@" + recipe.programs().getFirst().argumentFile())
            .addFileEntriesLayer(layer("java", stage.runtime(), Catalog.RUNTIME))
            .addFileEntriesLayer(layer("native", stage.natives(), Catalog.ROOT + "/native"));
    image.addPlatform(platform.ociName(), "linux");
    bill.java(System.getProperty("java.vendor"), Runtime.version().toString());
    for (Program program : recipe.programs()) {
      writeArguments(stage, program);
      bill.jars(Folders.jars(stage.program(program)));
      image.addFileEntriesLayer(layer(program.name(), stage.program(program), program.folder()));
    }
    if (!recipe.scripts().isEmpty()) {
      image.addFileEntriesLayer(layer("scripts", stage.writeScripts(), "/"));
    }
    // Jib knows a layer again by the times of its files, and all of ours are the same.
    Path layers = work.resolve("cache/app");
    Folders.delete(layers);
    Path list = settings.output().resolve(recipe.name() + ".cdx.json");
    Files.writeString(list, bill.json());
    image.addFileEntriesLayer(
        FileEntriesLayer.builder()
            .setName("bill")
            .addEntry(list, AbsoluteUnixPath.get("/usr/share/sbom/weft.cdx.json"))
            .build());
    JibContainer built =
        image.containerize(
            Containerizer.to(
                    TarImage.at(settings.output().resolve(recipe.name() + ".tar"))
                        .named(name + ":" + settings.version()))
                .setBaseImageLayersCache(work.resolve("cache/base"))
                .setApplicationLayersCache(layers)
                .setToolName("weft"));
    return built.getDigest().toString();
  }

  private Map<String, String> labels(Recipe recipe) {
    Map<String, String> labels = new TreeMap<>();
    labels.put("org.opencontainers.image.title", "weft " + recipe.name());
    labels.put("org.opencontainers.image.description", recipe.title());
    labels.put("org.opencontainers.image.version", settings.version());
    labels.put("org.opencontainers.image.licenses", "Apache-2.0");
    labels.put("org.opencontainers.image.created", settings.created().toString());
    if (!settings.revision().isEmpty()) {
      labels.put("org.opencontainers.image.revision", settings.revision());
    }
    return labels;
  }

  /**
   * The base: one that is given, else one of Debian files. The proxy's is always ours, since only
   * it carries file capabilities.
   */
  private JibContainerBuilder from(Recipe recipe, Bill bill) throws Exception {
    if (!recipe.iptables() && !settings.baseImage().isEmpty()) {
      return Jib.from(settings.baseImage());
    }
    DebianArchive archive = new DebianArchive(work.resolve("debian"));
    Base base = recipe.iptables() ? Base.forProxy(archive) : Base.forJava(archive);
    bill.debian(base.packages(), platform.ociName());
    Path file = work.resolve(recipe.iptables() ? "base-proxy.tar" : "base.tar");
    BaseArchive.write(base.tree(), platform, file);
    return Jib.from(TarImage.at(file));
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

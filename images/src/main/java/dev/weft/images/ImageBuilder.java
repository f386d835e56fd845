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
import dev.weft.images.java.JavaRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Builds images one after another; not for several threads. */
final class ImageBuilder {
  /** The time of every file; Java's caches hold the times of the files they were made with. */
  static final Instant FILE_TIME = Instant.EPOCH.plusSeconds(1);

  private final ImageSettings settings;
  private final Path work;
  private final Platform platform = Platform.current();

  ImageBuilder(ImageSettings settings) {
    this.settings = settings;
    this.work = settings.output().resolve("work");
  }

  /** Builds an image and returns its digest. */
  String build(Recipe recipe) throws Exception {
    Path root = work.resolve(recipe.name());
    delete(root);
    Files.createDirectories(root);
    Path runtime = root.resolve("runtime");
    JavaRuntime.link(recipe.modules(), runtime);
    Path natives = root.resolve("native");
    for (Program program : recipe.programs()) {
      Path folder = root.resolve(program.name());
      for (String source : program.sources()) {
        copy(source, folder);
      }
      NativeLibraries.extract(jars(folder), platform, natives);
      Files.write(
          folder.resolve("java.args"),
          (String.join("\n", arguments(program, folder)) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    Path scripts = root.resolve("scripts");
    for (Map.Entry<String, String> script : recipe.scripts().entrySet()) {
      Path file = scripts.resolve(script.getKey().substring(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, script.getValue());
      file.toFile().setExecutable(true);
    }
    age(root);

    JibContainerBuilder image =
        Jib.from(TarImage.at(base(recipe)))
            .setFormat(ImageFormat.OCI)
            .setCreationTime(settings.created())
            .setUser(Integer.toString(recipe.user()))
            .addLabel("org.opencontainers.image.title", "weft " + recipe.name())
            .addLabel("org.opencontainers.image.description", recipe.title())
            .addLabel("org.opencontainers.image.version", settings.version())
            .addFileEntriesLayer(layer("java", runtime, Catalog.RUNTIME))
            .addFileEntriesLayer(layer("native", natives, Catalog.NATIVE))
            .setEntrypoint(
                Catalog.RUNTIME + "/bin/java", "@" + recipe.programs().getFirst().argumentFile());
    for (Program program : recipe.programs()) {
      image.addFileEntriesLayer(
          layer(program.name(), root.resolve(program.name()), program.folder()));
    }
    if (!recipe.scripts().isEmpty()) {
      image.addFileEntriesLayer(layer("scripts", scripts, "/"));
    }
    image.addPlatform(platform.ociName(), "linux");
    Path archive = settings.output().resolve(recipe.name() + ".tar");
    JibContainer built =
        image.containerize(
            Containerizer.to(
                    TarImage.at(archive)
                        .named(
                            settings.registry() + "/" + recipe.name() + ":" + settings.version()))
                .setBaseImageLayersCache(work.resolve("cache/base"))
                .setApplicationLayersCache(work.resolve("cache/app"))
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

  private static List<String> arguments(Program program, Path folder) throws IOException {
    List<String> arguments = new ArrayList<>(program.options());
    switch (program.start()) {
      case Program.Start.Jar jar ->
          arguments.addAll(List.of("-jar", program.folder() + "/" + jar.file()));
      case Program.Start.MainClass main -> {
        // By name, as the order of a wildcard is the file system's.
        arguments.add("-cp");
        arguments.add(
            jars(folder).stream()
                .map(jar -> program.folder() + "/" + folder.relativize(jar))
                .collect(Collectors.joining(":")));
        arguments.add(main.name());
      }
    }
    return arguments;
  }

  private static FileEntriesLayer layer(String name, Path source, String target)
      throws IOException {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
    for (Path file : files(source)) {
      layer.addEntry(
          file,
          AbsoluteUnixPath.get(target).resolve(source.relativize(file).toString()),
          FilePermissions.fromOctalString(Files.isExecutable(file) ? "755" : "644"),
          FILE_TIME);
    }
    return layer.build();
  }

  private static List<Path> jars(Path folder) throws IOException {
    return files(folder).stream().filter(file -> file.toString().endsWith(".jar")).toList();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private void copy(String source, Path target) throws IOException {
    Path path = settings.project().resolve(source);
    List<Path> files;
    Path from;
    if (Files.isDirectory(path)) {
      from = path;
      files = files(path);
    } else {
      from = path.getParent();
      try (DirectoryStream<Path> found =
          Files.newDirectoryStream(from, path.getFileName().toString())) {
        files =
            StreamSupport.stream(found.spliterator(), false)
                .filter(f -> !f.toString().endsWith("-tests.jar"))
                .sorted()
                .toList();
      }
    }
    if (files.isEmpty()) {
      throw new ImageException("there is no " + path, "it was not built", "run `make images`");
    }
    for (Path file : files) {
      Path copy = target.resolve(from.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void age(Path folder) throws IOException {
    for (Path file : files(folder)) {
      Files.setLastModifiedTime(file, FileTime.from(FILE_TIME));
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException error)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

package dev.weft.images;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Entry point of `make images`. Exit codes: 0 done, 1 failed or wrongly called. */
@Command(
    name = "images",
    description = "Writes container images as OCI archives.",
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = 1)
public final class Main implements Callable<Integer> {
  @Option(names = "--project", description = "The root of the sources.", required = true)
  private Path project = Path.of("");

  @Option(names = "--output", description = "Where the archives go.", required = true)
  private Path output = Path.of("");

  @Option(names = "--registry", description = "The first part of the images' names.")
  private String registry = "weft.dev";

  @Option(names = "--tag", description = "The images' tag.", required = true)
  private String version = "";

  @Option(names = "--revision", description = "The commit they are built from.")
  private String revision = "";

  @Option(
      names = "--created",
      paramLabel = "SECONDS",
      description = "When they say to have been made, since 1970; the commit's time is a good one.")
  private long createdSeconds;

  @Option(
      names = "--base-image",
      paramLabel = "IMAGE",
      description = "The base of all images but the proxy's: NAME:TAG, or tar:///FILE.")
  private String baseImage = "";

  @Option(
      names = "--no-aot",
      negatable = true,
      description = "Leave out what Java remembers of a training; starts are slower.")
  private boolean trained = true;

  @Option(
      names = "--bench-start",
      paramLabel = "ROUNDS",
      description = "Build nothing, measure how the programs start.")
  private int benchRounds;

  @Parameters(description = "Which images; all if none is named.", paramLabel = "IMAGE")
  private @Nullable List<String> names;

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Main()).setExecutionExceptionHandler(Main::report).execute(args));
  }

  private static int report(
      Exception error, CommandLine command, CommandLine.ParseResult parseResult) throws Exception {
    if (error instanceof ImageException) {
      command.getErr().println("images: " + error.getMessage());
      return 1;
    }
    throw error;
  }

  @Override
  public Integer call() throws Exception {
    Path root = project.toAbsolutePath().normalize();
    ImageBuilder builder =
        new ImageBuilder(
            new ImageSettings(
                root,
                output.toAbsolutePath().normalize(),
                registry,
                version,
                Instant.ofEpochSecond(createdSeconds),
                revision,
                baseImage,
                trained));
    List<Recipe> wanted =
        Catalog.all(root).stream()
            .filter(recipe -> names == null || names.contains(recipe.name()))
            .toList();
    if (benchRounds > 0) {
      builder.bench(wanted, benchRounds);
      return 0;
    }
    builder.build(wanted).forEach((name, digest) -> System.out.println(name + " " + digest));
    return 0;
  }
}

package dev.weft.cli.standalone;

import dev.weft.cli.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The installed programs: what lies below {@code lib/} of the directory that holds {@code
 * bin/weft}.
 *
 * @param home that directory
 * @param adapt makes of the command that starts a program the one that is run; the identity but for
 *     who measures or trains the programs
 */
public record Distribution(Path home, UnaryOperator<List<String>> adapt) {
  /** The programs as they are installed. */
  public Distribution(Path home) {
    this(home, UnaryOperator.identity());
  }

  /**
   * Flags of the other small Java processes of a mesh: little memory and a quick start come first.
   */
  private static final List<String> SMALL_JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+ExitOnOutOfMemoryError",
          "-Xshare:auto",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /** The distribution this process runs from, as the launcher told in {@code weft.home}. */
  public static Distribution locate() {
    String home = System.getProperty("weft.home");
    if (home == null) {
      throw new CliException(
          "the programs of the mesh cannot be found",
          "the system property weft.home is not set",
          "start weft by bin/weft of a distribution");
    }
    return new Distribution(Path.of(home).toAbsolutePath().normalize());
  }

  /** The command that starts a control-plane service, up to its own arguments. */
  List<String> service(ControlPlaneService service, List<String> systemProperties) {
    Path jar = home.resolve("lib").resolve(service.program()).resolve("quarkus-run.jar");
    List<String> command = java(jar);
    command.add("-Xmx128m");
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(systemProperties);
    command.add("-jar");
    command.add(jar.toString());
    return adapt.apply(command);
  }

  /** The command that starts a proxy; its flags lie beside it, for all who start one. */
  List<String> proxy() {
    Path lib = home.resolve("lib").resolve("proxy");
    List<String> command = launcher(lib);
    command.add("@" + lib.resolve("proxy.options"));
    command.add("-cp");
    command.add(lib + "/*");
    command.add("dev.weft.proxy.Main");
    return adapt.apply(command);
  }

  /** The command that starts this command line again. */
  public List<String> weft(String... arguments) {
    Path lib = home.resolve("lib").resolve("cli");
    List<String> command = java(lib);
    command.add("-Xmx128m");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Dweft.home=" + home);
    command.add("-cp");
    command.add(lib + "/*");
    command.add("dev.weft.cli.Main");
    command.addAll(List.of(arguments));
    return adapt.apply(command);
  }

  private List<String> java(Path needed) {
    List<String> command = launcher(needed);
    command.addAll(SMALL_JVM);
    return command;
  }

  private List<String> launcher(Path needed) {
    if (!Files.exists(needed)) {
      throw new CliException(
          "the distribution in " + home + " is incomplete",
          needed + " is missing",
          "build it again (make demo), or unpack it again");
    }
    List<String> command = new ArrayList<>();
    command.add(
        Path.of(System.getProperty("java.home"), "bin", "java").toAbsolutePath().toString());
    return command;
  }
}

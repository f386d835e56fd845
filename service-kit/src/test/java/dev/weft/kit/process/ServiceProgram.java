package dev.weft.kit.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * The packaged program of the module under test, whose directory is the current one: the native
 * executable where the system property {@code weft.program} names one, otherwise the jar that
 * {@code package} leaves, on the JVM of the test.
 */
final class ServiceProgram {
  private static final String NATIVE = System.getProperty("weft.program", "");
  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

  /** What both forms understand. */
  private static final String HEAP_LIMIT = "-Xmx256m";

  private static final List<String> QUICK_JVM =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private ServiceProgram() {}

  /**
   * The command that starts it with these system properties. A jar that nobody built skips the test
   * by name; a native executable that is missing fails it, since whoever names one wants it tested.
   */
  static List<String> command(List<String> systemProperties) {
    List<String> command = new ArrayList<>();
    if (NATIVE.isEmpty()) {
      Assumptions.assumeTrue(
          Files.exists(JAR), () -> "skipped: " + JAR + " is not built; run package first");
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(QUICK_JVM);
    } else {
      if (!Files.isExecutable(Path.of(NATIVE))) {
        throw new AssertionError("weft.program=" + NATIVE + " is no executable file");
      }
      command.add(NATIVE);
    }
    command.add(HEAP_LIMIT);
    systemProperties.forEach(property -> command.add("-D" + property));
    if (NATIVE.isEmpty()) {
      command.add("-jar");
      command.add(JAR.toString());
    }
    return command;
  }
}

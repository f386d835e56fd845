package dev.weft.images.java;

import dev.weft.images.Commands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Links a Java runtime of some modules out of the JDK that runs this program. */
public final class JavaRuntime {
  private JavaRuntime() {}

  /**
   * Links it.
   *
   * @param modules the modules a program needs; theirs are added
   * @param target a directory that does not exist yet
   */
  public static void link(List<String> modules, Path target) {
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    List<String> command = new ArrayList<>();
    command.add(jlink.toString());
    command.addAll(List.of("--add-modules", String.join(",", modules)));
    command.addAll(List.of("--strip-debug", "--no-header-files", "--no-man-pages"));
    command.addAll(List.of("--output", target.toString()));
    Commands.output(
        target.toAbsolutePath().getParent(), "run with a whole JDK, not a JRE", command);
  }
}

package dev.weft.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/**
 * A command line run: in the process of the test, or by the packaged program which the system
 * property {@code weft.program} names, the launcher of the distribution or a native executable.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
public record Weft(int code, String out, String err) {
  private static final String PROGRAM = System.getProperty("weft.program", "");
  private static final int LIMIT_SECONDS = 120;

  public static Weft run(String... arguments) {
    return PROGRAM.isEmpty() ? inProcess(arguments) : packaged(Path.of(PROGRAM), arguments);
  }

  private static Weft inProcess(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int code = line.execute(arguments);
    return new Weft(code, out.toString(), err.toString());
  }

  /** Runs a program to its end, with nothing on its standard input. */
  public static Weft packaged(Path program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(program.toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile("weft", ".out");
      Path err = Files.createTempFile("weft", ".err");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(command + " did not end in " + LIMIT_SECONDS + " s");
        }
        return new Weft(process.exitValue(), unreleased(text(out)), text(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(command + " was interrupted", e);
    }
  }

  /** As classes write who made an object, which have no release; so golden files hold for both. */
  private static String unreleased(String text) {
    return text.replaceAll("linkerd/cli \\d+\\.\\d+\\.\\d+[-.\\w]*", "linkerd/cli dev");
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}

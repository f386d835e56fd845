package dev.weft.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * A command line run in the process of a test.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
public record Weft(int code, String out, String err) {
  public static Weft run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int code = line.execute(arguments);
    return new Weft(code, out.toString(), err.toString());
  }
}

package dev.weft.images;

/**
 * Commands in images without a shell: files whose interpreter is Java, started with a program's
 * argument file. The program is told the path of the script first.
 */
final class Scripts {
  private static final String JAVA = Catalog.RUNTIME + "/bin/java";
  private static final String RAISE = "/usr/lib/weft/raise/";

  /** The kernel reads no more of a script's first line. */
  private static final int LONGEST_LINE = 255;

  private Scripts() {}

  /** A command without privileges. */
  static String plain(Program program) {
    return script(JAVA + " @" + program.argumentFile());
  }

  /**
   * A command that keeps NET_ADMIN and NET_RAW as a user that is not root.
   *
   * <p>Kubernetes grants such a user capabilities only up to the first program that is executed,
   * and with no_new_privs only to one whose file has them too. So the first program is an {@code
   * env} with file capabilities, which splits this line; it starts a {@code setpriv} with file
   * capabilities, which makes them ambient, and so they reach iptables through Java. Java itself
   * could not carry them: it would no longer find its libraries.
   */
  static String withNetworkCapabilities(Program program) {
    return script(
        RAISE
            + "env -S "
            + RAISE
            + "setpriv --inh-caps=+net_admin,+net_raw --ambient-caps=+net_admin,+net_raw "
            + JAVA
            + " @"
            + program.argumentFile());
  }

  private static String script(String interpreter) {
    String line = "#!" + interpreter;
    if (line.length() > LONGEST_LINE) {
      throw new IllegalArgumentException("the kernel cuts this line: " + line);
    }
    return line + "\n";
  }
}

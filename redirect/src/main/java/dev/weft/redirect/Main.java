package dev.weft.redirect;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One program under several names, as the contract's image has them. The first argument says which:
 * a command, or the path of a script whose interpreter this is.
 */
public final class Main {
  private static final int EXIT_FAILED = 1;

  private Main() {}

  /** Exit codes: 0 done, 1 failed or wrongly called; the validator's and a child's are theirs. */
  public static void main(String[] args) throws Exception {
    System.exit(run(List.of(args), System.getenv()));
  }

  static int run(List<String> words, Map<String, String> environment) throws Exception {
    try {
      return dispatch(words, environment);
    } catch (RedirectException e) {
      System.err.println("weft-redirect: " + e.getMessage());
      return EXIT_FAILED;
    }
  }

  private static int dispatch(List<String> words, Map<String, String> environment)
      throws Exception {
    String name = words.isEmpty() ? "" : Path.of(words.getFirst()).getFileName() + "";
    List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
    switch (name) {
      case "init", "linkerd2-proxy-init" -> InitCommand.install(rest, System.out);
      case "remove" -> InitCommand.remove(rest, System.out);
      case "validate", "linkerd2-network-validator" -> {
        return ValidateCommand.run(rest, environment);
      }
      case "await", "linkerd-await" -> {
        return AwaitCommand.run(rest, environment);
      }
      case "weft-redirect" -> {
        return dispatch(rest, environment);
      }
      default ->
          throw Flags.refused(
              "'" + name + "'", "there is no such command", "init, remove, validate or await");
    }
    return 0;
  }
}

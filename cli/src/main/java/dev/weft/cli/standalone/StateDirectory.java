package dev.weft.cli.standalone;

import dev.weft.cli.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory a standalone mesh lives in. The identity service keeps {@code trust-anchors.pem},
 * {@code issuer/} and {@code tokens/} here; the command line adds what runs.
 *
 * @param root readable by its owner alone
 */
public record StateDirectory(Path root) {
  /** What {@code --state} is when not given. */
  static Path defaultRoot() {
    String chosen = System.getenv("WEFT_STATE");
    if (chosen != null && !chosen.isEmpty()) {
      return Path.of(chosen);
    }
    String xdg = System.getenv("XDG_STATE_HOME");
    Path base =
        xdg != null && !xdg.isEmpty()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".local", "state");
    return base.resolve("weft");
  }

  /** Makes the directory and its parts, or takes them as they are. */
  public static StateDirectory open(Path root) {
    StateDirectory state = new StateDirectory(root.toAbsolutePath().normalize());
    try {
      for (Path directory :
          new Path[] {
            state.root, state.workloads(), state.logs(), state.run(), state.addresses()
          }) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException e) {
      throw new CliException(
          "the state directory " + state.root + " cannot be made",
          String.valueOf(e),
          "choose another one with --state");
    }
    return state;
  }

  /** Manifests of the workloads that run now. */
  public Path workloads() {
    return root.resolve("workloads");
  }

  /** Logs of all processes. */
  public Path logs() {
    return root.resolve("logs");
  }

  /** Tokens of running processes. */
  Path run() {
    return root.resolve("run");
  }

  /** One file per loopback address in use. */
  Path addresses() {
    return root.resolve("addresses");
  }

  /** The roots of the mesh, written by the identity service. */
  Path trustAnchors() {
    return root.resolve("trust-anchors.pem");
  }

  /** The key that signs workload tokens, written by the identity service. */
  Path signingKey() {
    return root.resolve("tokens").resolve("signing-key.jwk");
  }

  /** Where the running control plane says how it is reached. */
  Path meshFile() {
    return root.resolve("mesh.properties");
  }

  /** Writes a file of which a reader sees the old or the new content, never a part. */
  static void replace(Path file, String content) {
    try {
      Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), ".", ".draft");
      Files.writeString(draft, content);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

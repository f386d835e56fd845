package dev.weft.cli.standalone;

import dev.weft.cli.CliException;
import dev.weft.mesh.MeshKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An address of 127.0.1.0/24 that one workload has for itself. Linux answers on all of 127.0.0.0/8
 * without any set-up, so each workload can use the usual ports.
 *
 * <p>Claimed by a file that holds the id of the claiming process; a claim whose process is gone is
 * free again.
 */
final class LoopbackAddress implements AutoCloseable {
  private static final int FIRST = 1;
  private static final int LAST = 254;

  private final String ip;
  private final Path claim;

  private LoopbackAddress(String ip, Path claim) {
    this.ip = ip;
    this.claim = claim;
  }

  /** Claims a free one. */
  static LoopbackAddress claim(StateDirectory state) {
    for (int last = FIRST; last <= LAST; last++) {
      String ip = "127.0.1." + last;
      Path file = state.addresses().resolve(ip);
      if (take(file)) {
        LoopbackAddress address = new LoopbackAddress(ip, file);
        if (isUnused(ip)) {
          return address;
        }
        address.close();
      }
    }
    throw new CliException(
        "no address is left for the workload",
        "all of 127.0.1.1 to 127.0.1." + LAST + " are in use",
        "end other workloads of this mesh");
  }

  /** Another mesh, with a state directory of its own, may hold the address. */
  private static boolean isUnused(String ip) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(ip, MeshKeys.INBOUND_PORT));
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean take(Path file) {
    try {
      if (Files.exists(file) && !isHeld(file)) {
        Files.deleteIfExists(file);
      }
      Files.writeString(
          file, Long.toString(ProcessHandle.current().pid()), StandardOpenOption.CREATE_NEW);
      return true;
    } catch (FileAlreadyExistsException _) {
      return false;
    } catch (IOException e) {
      throw new CliException(
          "the address file " + file + " cannot be written",
          String.valueOf(e),
          "check the state directory");
    }
  }

  private static boolean isHeld(Path file) throws IOException {
    String pid = Files.readString(file).strip();
    return pid.isEmpty() || ProcessHandle.of(Long.parseLong(pid)).isPresent();
  }

  String ip() {
    return ip;
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(claim);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

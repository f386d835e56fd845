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
import java.util.function.IntFunction;

/**
 * An address that one workload has for itself.
 *
 * <p>Claimed by a file that holds the id of the claiming process; a claim whose process is gone is
 * free again.
 */
final class AddressClaim implements AutoCloseable {
  private static final int FIRST = 1;
  private static final int LAST = 254;

  private final String ip;
  private final Path claim;

  private AddressClaim(String ip, Path claim) {
    this.ip = ip;
    this.claim = claim;
  }

  /**
   * Claims a free one.
   *
   * @param addresses the address for each number of 1 to 254; empty where there is none
   */
  static AddressClaim take(StateDirectory state, IntFunction<String> addresses) {
    for (int number = FIRST; number <= LAST; number++) {
      String ip = addresses.apply(number);
      if (!ip.isEmpty() && write(state.addresses().resolve(ip))) {
        AddressClaim claim = new AddressClaim(ip, state.addresses().resolve(ip));
        if (isUnused(ip)) {
          return claim;
        }
        claim.close();
      }
    }
    throw new CliException(
        "no address is left for the workload",
        "all addresses up to " + addresses.apply(LAST) + " are in use",
        "end other workloads of this mesh");
  }

  /** On loopback another mesh, with a state directory of its own, may hold the address. */
  private static boolean isUnused(String ip) {
    if (!ip.startsWith("127.")) {
      return true;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(ip, MeshKeys.INBOUND_PORT));
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean write(Path file) {
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

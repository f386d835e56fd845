package dev.weft.e2e.walk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** What crosses the pod network's bridge to and from some pods, without what the kubelet asks. */
final class BridgeCapture {
  static final String BRIDGE = "weft0";
  private static final long LIMIT_SECONDS = 60;

  private BridgeCapture() {}

  /**
   * Captures until the file has this many bytes.
   *
   * @param pods addresses
   * @param node address of the machine on the bridge, whose probes are left out
   * @return the packets' bytes as Latin-1 text
   */
  static String of(List<String> pods, String node, Path directory, long bytes) throws Exception {
    Path packets = Files.createTempFile(directory, "bridge", ".pcap");
    String filter =
        "tcp and not host " + node + " and (host " + String.join(" or host ", pods) + ")";
    Process tcpdump =
        new ProcessBuilder(
                "tcpdump", "-i", BRIDGE, "-s", "0", "-U", "-w", packets.toString(), filter)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("tcpdump.log").toFile())
            .start();
    try {
      Awaitility.await()
          .atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
          .until(() -> size(packets) >= bytes);
    } finally {
      tcpdump.destroy();
      tcpdump.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
    return Files.readString(packets, StandardCharsets.ISO_8859_1);
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }
}

package dev.weft.cli.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoopbackAddressTest {
  /** Above the largest process id Linux gives. */
  private static final String NO_PROCESS = Long.toString((1L << 22) + 1);

  @TempDir private Path directory;

  @Test
  void claim_twice_givesTwoAddresses() {
    StateDirectory state = StateDirectory.open(directory);
    try (LoopbackAddress one = LoopbackAddress.claim(state);
        LoopbackAddress other = LoopbackAddress.claim(state)) {
      assertThat(one.ip()).startsWith("127.0.1.").isNotEqualTo(other.ip());
    }
  }

  @Test
  void claim_holderIsGone_isGivenAgain() throws Exception {
    StateDirectory state = StateDirectory.open(directory);
    String ip;
    try (LoopbackAddress first = LoopbackAddress.claim(state)) {
      ip = first.ip();
    }
    Files.writeString(state.addresses().resolve(ip), NO_PROCESS);

    try (LoopbackAddress again = LoopbackAddress.claim(state)) {
      assertThat(again.ip()).isEqualTo(ip);
    }
  }
}

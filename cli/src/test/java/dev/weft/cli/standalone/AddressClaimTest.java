package dev.weft.cli.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AddressClaimTest {
  /** Above the largest process id Linux gives. */
  private static final String NO_PROCESS = Long.toString((1L << 22) + 1);

  private static String ip(int number) {
    return "127.0.3." + number;
  }

  @TempDir private Path directory;

  @Test
  void claim_twice_givesTwoAddresses() {
    StateDirectory state = StateDirectory.open(directory);
    try (AddressClaim one = AddressClaim.take(state, AddressClaimTest::ip);
        AddressClaim other = AddressClaim.take(state, AddressClaimTest::ip)) {
      assertThat(one.ip()).startsWith("127.0.3.").isNotEqualTo(other.ip());
    }
  }

  @Test
  void claim_holderIsGone_isGivenAgain() throws Exception {
    StateDirectory state = StateDirectory.open(directory);
    String ip;
    try (AddressClaim first = AddressClaim.take(state, AddressClaimTest::ip)) {
      ip = first.ip();
    }
    Files.writeString(state.addresses().resolve(ip), NO_PROCESS);

    try (AddressClaim again = AddressClaim.take(state, AddressClaimTest::ip)) {
      assertThat(again.ip()).isEqualTo(ip);
    }
  }
}

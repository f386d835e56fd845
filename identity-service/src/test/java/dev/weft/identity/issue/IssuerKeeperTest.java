package dev.weft.identity.issue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kit.tls.StepClock;
import dev.weft.kit.tls.TestPki;
import dev.weft.kit.tls.TestPki.Pair;
import dev.weft.kit.tls.TestPki.Spec;
import dev.weft.pki.TrustAnchors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IssuerKeeperTest implements IssuerKeeper.Listener {
  private final StepClock clock = new StepClock(Instant.now());
  private final Pair root = TestPki.root("root");
  private final Pair first = TestPki.signed(root, Spec.authority("first"));
  private final Pair second = TestPki.signed(root, Spec.authority("second"));
  private final List<String> told = new ArrayList<>();
  @TempDir Path directory;

  @Override
  public void issuerLoaded(Issuer issuer) {
    told.add("loaded " + issuer.certificate().getSubjectX500Principal().getName());
  }

  @Override
  public void issuerUpdated(Issuer issuer) {
    told.add("updated " + issuer.certificate().getSubjectX500Principal().getName());
  }

  @Override
  public void issuerRejected(IssuerRejectedException reason, Optional<Issuer> kept) {
    told.add(kept.isPresent() ? "rejected, kept" : "rejected");
  }

  @Test
  void poll_firstFiles_areInService() throws Exception {
    IssuerKeeper keeper = keeper();
    write(first);
    keeper.poll();
    assertThat(keeper.issuer().orElseThrow().certificate()).isEqualTo(first.certificate());
    assertThat(told).containsExactly("loaded CN=first");
  }

  @Test
  void poll_unchangedFiles_tellNothing() throws Exception {
    IssuerKeeper keeper = keeper();
    write(first);
    keeper.poll();
    keeper.poll();
    assertThat(told).hasSize(1);
  }

  @Test
  void poll_newGoodFiles_replaceTheIssuer() throws Exception {
    IssuerKeeper keeper = keeper();
    write(first);
    keeper.poll();
    write(second);
    keeper.poll();
    assertThat(keeper.issuer().orElseThrow().certificate()).isEqualTo(second.certificate());
    assertThat(told).containsExactly("loaded CN=first", "updated CN=second");
  }

  @Test
  void poll_badFiles_keepTheOldIssuerAndTellOnce() throws Exception {
    IssuerKeeper keeper = keeper();
    write(first);
    keeper.poll();
    Files.writeString(directory.resolve("crt.pem"), "garbage");
    keeper.poll();
    keeper.poll();
    assertThat(keeper.issuer().orElseThrow().certificate()).isEqualTo(first.certificate());
    assertThat(keeper.rejection().orElseThrow()).contains("no PEM certificate found");
    assertThat(told).containsExactly("loaded CN=first", "rejected, kept");
  }

  @Test
  void poll_filesMendedAfterABadReload_clearTheRejection() throws Exception {
    IssuerKeeper keeper = keeper();
    write(first);
    keeper.poll();
    Files.delete(directory.resolve("key.pem"));
    keeper.poll();
    write(first);
    keeper.poll();
    assertThat(keeper.rejection()).isEmpty();
  }

  @Test
  void poll_issuerOfTomorrow_comesIntoServiceWhenItIsValid() throws Exception {
    IssuerKeeper keeper = keeper();
    Instant tomorrow = clock.instant().plus(Duration.ofDays(1));
    write(
        TestPki.signed(
            root, Spec.authority("tomorrow").valid(tomorrow, tomorrow.plus(Duration.ofDays(9)))));
    keeper.poll();
    assertThat(keeper.issuer()).isEmpty();
    clock.step(Duration.ofDays(2));
    keeper.poll();
    assertThat(told).containsExactly("rejected", "updated CN=tomorrow");
  }

  /** The way kubelet changes a mounted Secret. */
  @Test
  void poll_symlinkSwapOfAMountedSecret_isSeen() throws Exception {
    secretVersion("..v1", first);
    Files.createSymbolicLink(directory.resolve("..data"), Path.of("..v1"));
    for (String name : List.of("crt.pem", "key.pem")) {
      Files.createSymbolicLink(directory.resolve(name), Path.of("..data", name));
    }
    IssuerKeeper keeper = keeper();
    keeper.poll();
    secretVersion("..v2", second);
    Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..v2"));
    Files.move(
        directory.resolve("..data_tmp"),
        directory.resolve("..data"),
        StandardCopyOption.ATOMIC_MOVE);
    keeper.poll();
    assertThat(told).containsExactly("loaded CN=first", "updated CN=second");
  }

  private void secretVersion(String name, Pair issuer) throws IOException {
    Path version = Files.createDirectory(directory.resolve(name));
    Files.writeString(version.resolve("crt.pem"), issuer.certificatePem());
    Files.writeString(version.resolve("key.pem"), issuer.keyPem());
  }

  private void write(Pair issuer) throws IOException {
    Files.writeString(directory.resolve("crt.pem"), issuer.certificatePem());
    Files.writeString(directory.resolve("key.pem"), issuer.keyPem());
  }

  private IssuerKeeper keeper() {
    return new IssuerKeeper(
        directory, "auto", new TrustAnchors(List.of(root.certificate())), clock, this);
  }
}

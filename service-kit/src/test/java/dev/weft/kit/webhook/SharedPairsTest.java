package dev.weft.kit.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.kit.tls.Credentials;
import dev.weft.pki.PemCertificates;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Replicas, rotation and accidents of a certificate of one's own. */
class SharedPairsTest {
  private static final Rotation ROTATION =
      new Rotation(
          List.of("hook.linkerd.svc"),
          Duration.ofDays(365),
          Duration.ofDays(120),
          Duration.ofMinutes(10));

  private final FakeObjects objects = new FakeObjects();
  private final Steps clock = new Steps();
  private final SharedPairs first = replica();
  private final SharedPairs second = replica();

  private SharedPairs replica() {
    return replica(() -> true);
  }

  private SharedPairs replica(BooleanSupplier writes) {
    return new SharedPairs(objects, ROTATION, clock, new SecureRandom(), writes);
  }

  @Test
  void replica_thatDoesNotLead_takesWhatTheLeaderMade() throws Exception {
    SharedPairs follower = replica(() -> false);
    Credentials old = first.look();
    int writes = objects.writes();
    clock.forward(Duration.ofDays(246));

    assertThat(follower.look().chain()).isEqualTo(old.chain());
    assertThat(objects.writes()).as("the leader's work").isEqualTo(writes);

    first.look();
    clock.forward(Duration.ofMinutes(10));
    Credentials fresh = first.look();
    assertThat(fresh.chain()).isNotEqualTo(old.chain());
    assertThat(follower.look().chain()).isEqualTo(fresh.chain());
  }

  @Test
  void replica_thatDoesNotLead_makesTheFirstSoThatNobodyWaits() throws Exception {
    Credentials pair = replica(() -> false).look();

    assertThat(pair.chain()).isEqualTo(first.look().chain());
    assertThat(isTrusted(pair)).isTrue();
  }

  @Test
  void firstLook_withoutSecret_makesAndPublishesOne() throws Exception {
    Credentials pair = first.look();

    assertThat(isTrusted(pair)).isTrue();
    assertThat(pair.leaf().getSubjectAlternativeNames().toString()).contains("hook.linkerd.svc");
    assertThat(Duration.between(clock.instant(), pair.notAfter())).isEqualTo(Duration.ofDays(365));
  }

  @Test
  void replicas_startingTogether_serveTheSame() throws Exception {
    objects.interfere(() -> lookQuietly(second));

    Credentials pair = first.look();

    assertThat(pair.chain()).isEqualTo(second.look().chain());
    assertThat(objects.writes()).isEqualTo(1);
  }

  @Test
  void rotation_stepByStep_neverServesWhatIsNotTrustedLongEnough() throws Exception {
    Credentials old = first.look();

    clock.forward(Duration.ofDays(246));
    assertThat(first.look().chain()).as("a successor is made known").isEqualTo(old.chain());
    assertThat(trusted()).hasSize(2);
    assertThat(isTrusted(old)).isTrue();

    clock.forward(Duration.ofMinutes(9));
    assertThat(first.look().chain()).as("too early").isEqualTo(old.chain());

    clock.forward(Duration.ofMinutes(1));
    Credentials fresh = first.look();
    assertThat(fresh.chain()).isNotEqualTo(old.chain());
    assertThat(isTrusted(fresh)).isTrue();
    assertThat(isTrusted(old)).as("another replica may still serve it").isTrue();
    assertThat(second.look().chain()).isEqualTo(fresh.chain());

    clock.forward(Duration.ofMinutes(10));
    assertThat(second.look().chain()).isEqualTo(fresh.chain());
    assertThat(trusted()).hasSize(1);
    assertThat(isTrusted(old)).isFalse();
    assertThat(isTrusted(fresh)).isTrue();
  }

  @Test
  void rotation_whileAnotherReplicaTakesTheStep_isDoneOnce() throws Exception {
    first.look();
    clock.forward(Duration.ofDays(246));
    objects.interfere(() -> lookQuietly(second));

    first.look();

    assertThat(trusted()).as("one successor, not two").hasSize(2);
    assertThat(objects.writes()).isEqualTo(2);
  }

  @Test
  void lookAgain_nothingDue_writesNothing() throws Exception {
    first.look();
    int writes = objects.writes();

    clock.forward(Duration.ofDays(100));
    first.look();

    assertThat(objects.writes()).isEqualTo(writes);
  }

  @Test
  void certificate_thatExpiredUnnoticed_isReplacedAtOnce() throws Exception {
    Credentials old = first.look();

    clock.forward(Duration.ofDays(400));
    Credentials fresh = first.look();

    assertThat(fresh.chain()).isNotEqualTo(old.chain());
    assertThat(isTrusted(fresh)).isTrue();
  }

  @Test
  void secret_ofSomebodyElse_isTakenOverAndItsAuthorityTrustedForAWhile() throws Exception {
    SelfMade foreign =
        SelfMade.make(
            List.of("hook.linkerd.svc"), clock.instant(), Duration.ofDays(30), new SecureRandom());
    objects.put(
        Map.of(
            "tls.crt", PemPairs.write(foreign.pair().chain()),
            "tls.key", PemPairs.write(foreign.pair().key()),
            "ca.crt", PemPairs.write(List.of(foreign.authority()))));

    Credentials pair = first.look();

    assertThat(isTrusted(pair)).isTrue();
    assertThat(isTrusted(foreign.pair())).isTrue();
    clock.forward(Duration.ofMinutes(10));
    first.look();
    assertThat(isTrusted(foreign.pair())).isFalse();
  }

  @Test
  void secret_withGarbage_isMadeAnew() throws Exception {
    objects.put(Map.of("tls.crt", "nonsense", "tls.key", ""));

    assertThat(isTrusted(first.look())).isTrue();
  }

  @Test
  void names_thatChanged_bringANewCertificate() throws Exception {
    first.look();
    SharedPairs renamed =
        new SharedPairs(
            objects,
            new Rotation(
                List.of("hook.elsewhere.svc"),
                ROTATION.lifetime(),
                ROTATION.renewBefore(),
                ROTATION.overlap()),
            clock,
            new SecureRandom(),
            () -> true);

    renamed.look();
    clock.forward(Duration.ofMinutes(10));

    assertThat(renamed.look().leaf().getSubjectAlternativeNames().toString())
        .contains("hook.elsewhere.svc");
  }

  @Test
  void apiServer_thatRefuses_isToldAndTriedAgain() throws Exception {
    objects.refuse("forbidden");
    assertThatThrownBy(first::look).isInstanceOf(IOException.class).hasMessage("forbidden");

    objects.refuse(null);
    assertThat(isTrusted(first.look())).isTrue();
  }

  @Test
  void key_inTexts_isNeverShown() throws Exception {
    assertThat(first.look().toString()).doesNotContain("PRIVATE");
  }

  private List<X509Certificate> trusted() throws CertificateException {
    return PemCertificates.parse(objects.bundle());
  }

  private boolean isTrusted(Credentials pair) throws CertificateException {
    for (X509Certificate authority : trusted()) {
      try {
        pair.leaf().verify(authority.getPublicKey());
        return true;
      } catch (java.security.GeneralSecurityException _) {
        // Perhaps the next.
      }
    }
    return false;
  }

  private static void lookQuietly(SharedPairs replica) {
    try {
      var _ = replica.look();
    } catch (IOException | CertificateException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Steps extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void forward(Duration step) {
      now = now.plus(step);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}

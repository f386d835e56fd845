package dev.weft.kit.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kit.tls.TestPki.Pair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CertificateKeeperTest {
  private final StepClock clock = new StepClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final TestSource source = new TestSource(clock);
  private final List<Credentials> installed = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final CountDownLatch certified = new CountDownLatch(1);

  /** Half of the range of every jitter, so pauses are exact. */
  private final RandomGenerator middle =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return Long.MIN_VALUE;
        }

        @Override
        public double nextDouble() {
          return 0.5;
        }
      };

  private final CertificateKeeper keeper =
      new CertificateKeeper(
          source,
          installed::add,
          new CertificateKeeper.Listener() {
            @Override
            public void certified(Credentials credentials, Instant renewal) {
              certified.countDown();
            }

            @Override
            public void failed(String cause, Duration pause) {
              failures.add(cause);
            }
          },
          clock,
          middle);

  @AfterEach
  void close() {
    keeper.close();
  }

  @Test
  void start_getsTheFirstLeafByItself() throws Exception {
    keeper.start();
    assertThat(certified.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(keeper.credentials().orElseThrow().notAfter())
        .isEqualTo(clock.instant().plus(source.lifetime));
  }

  @Test
  void renewal_isAskedForAt70PercentOfTheRemainingLife() {
    assertThat(keeper.attempt()).isEqualTo(Duration.ofMinutes(42));
  }

  @Test
  void renewal_bringsANewKey() {
    keeper.attempt();
    keeper.attempt();
    assertThat(installed.get(0).leaf().getPublicKey())
        .isNotEqualTo(installed.get(1).leaf().getPublicKey());
  }

  @Test
  void renewal_ofAVeryShortLeaf_waitsALeast() {
    source.lifetime = Duration.ofSeconds(1);
    assertThat(keeper.attempt()).isEqualTo(CertificateKeeper.MIN_RENEWAL);
  }

  @Test
  void failure_isRepeatedAfterAGrowingBoundedPause() {
    source.failure = "down";
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      pauses.add(keeper.attempt().toMillis());
    }
    assertThat(pauses).containsExactly(200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 10_000L, 10_000L);
  }

  @Test
  void failure_keepsTheLeafOfBeforeAndItsCause() {
    keeper.attempt();
    source.failure = "down";
    keeper.attempt();
    assertThat(keeper.credentials()).contains(installed.getFirst());
    assertThat(keeper.error()).contains("down");
    source.failure = null;
    keeper.attempt();
    assertThat(keeper.error()).isEmpty();
    assertThat(installed).hasSize(2);
  }

  @Test
  void leaf_ofAnotherAuthority_isNotInstalled() {
    Pair foreign = TestPki.root("root");
    source.signer = foreign;
    keeper.attempt();
    assertThat(installed).isEmpty();
    assertThat(failures).singleElement().asString().contains("refused");
  }

  @Test
  void leaf_ofAnotherName_isNotInstalled() {
    source.name = "somebody.else";
    keeper.attempt();
    assertThat(installed).isEmpty();
    assertThat(failures).singleElement().asString().contains("does not name");
  }

  @Test
  void leaf_ofAnotherKey_isNotInstalled() {
    source.otherKeys = TestPki.ec("secp256r1");
    keeper.attempt();
    assertThat(installed).isEmpty();
    assertThat(failures).containsExactly("the certificate is for another key");
  }

  @Test
  void leaf_expiredOnArrival_isNotInstalled() {
    source.lifetime = Duration.ofSeconds(-1);
    keeper.attempt();
    assertThat(installed).isEmpty();
  }
}

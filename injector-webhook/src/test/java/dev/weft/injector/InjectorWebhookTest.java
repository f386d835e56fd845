package dev.weft.injector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.kit.webhook.Webhook;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The contract, held by the application in the JVM of the test, and how fast it answers. */
@QuarkusTest
@TestProfile(ManifestsProfile.class)
class InjectorWebhookTest extends InjectorContract {
  private static final int PER_SECOND = 100;
  private static final int MEASURED = 500;

  /** What is promised of an idle machine. */
  private static final double PROMISE_MILLIS = 10;

  /** A machine that builds beside the test delays an empty request as well as a review. */
  private static final double MAX_RATIO = 2.5;

  /** Of the reviews of one round; the rest may have met the machine busy. */
  private static final double SHARE = 0.99;

  private static final int MAX_ROUNDS = 6;

  @Inject Webhook webhook;

  @TestHTTPResource("/")
  URI admin;

  @Override
  int port() {
    await().atMost(Duration.ofSeconds(20)).until(() -> webhook.port().isPresent());
    return webhook.port().orElseThrow();
  }

  @Override
  URI admin() {
    return admin;
  }

  @Test
  void latency_atAHundredAdmissionsASecond_isLittleMoreThanThatOfAnEmptyRequest() throws Exception {
    // The client is warmed up; the injector has done that by itself.
    p99Millis("empty", () -> client().empty());
    double best = Double.MAX_VALUE;
    double ratio = Double.MAX_VALUE;
    for (int round = 0; round < MAX_ROUNDS && best >= PROMISE_MILLIS; round++) {
      double empty = p99Millis("empty", () -> client().empty());
      double review = p99Millis("review", () -> client().review("shop", "Pod", pod("")));
      best = Math.min(best, review);
      ratio = Math.min(ratio, review / empty);
    }

    assertThat(best < PROMISE_MILLIS || ratio < MAX_RATIO)
        .as("best p99 %.2f ms, best ratio to an empty request %.2f", best, ratio)
        .isTrue();
  }

  @Test
  void reviews_aHundredASecond_areJudgedWithinAFractionOfThePromise() throws Exception {
    double withinBest = 0;
    for (int round = 0; round < MAX_ROUNDS && withinBest < SHARE; round++) {
      double all = reviews("+Inf");
      double quick = reviews("0.005");
      p99Millis("review", () -> client().review("shop", "Pod", pod("")));
      withinBest = Math.max(withinBest, (reviews("0.005") - quick) / (reviews("+Inf") - all));
    }

    assertThat(withinBest).as("share of reviews judged within 5 ms").isGreaterThanOrEqualTo(SHARE);
  }

  /** How many reviews the injector says it judged within so many seconds. */
  private double reviews(String seconds) throws IOException, InterruptedException {
    Matcher line =
        Pattern.compile(
                "weft_webhook_review_seconds_bucket\\{[^}]*le=\"%s\"[^}]*} ([0-9.E]+)"
                    .formatted(Pattern.quote(seconds)))
            .matcher(get("metrics"));
    return line.find() ? Double.parseDouble(line.group(1)) : 0;
  }

  /** What is sent again and again. */
  @FunctionalInterface
  private interface Call {
    void send() throws IOException, InterruptedException;
  }

  private static double p99Millis(String what, Call call) throws InterruptedException {
    long[] nanos = new long[MEASURED];
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    CountDownLatch done = new CountDownLatch(MEASURED);
    long start = System.nanoTime();
    for (int i = 0; i < MEASURED; i++) {
      int request = i;
      long due = start + i * (1_000_000_000L / PER_SECOND);
      // The rate is that of the clock, not of the answers: a slow answer does not hide the next.
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      Thread.startVirtualThread(
          () -> {
            try {
              call.send();
              nanos[request] = System.nanoTime() - due;
            } catch (IOException | InterruptedException e) {
              failures.add(String.valueOf(e));
            } finally {
              done.countDown();
            }
          });
    }
    done.await();
    assertThat(failures).isEmpty();
    Arrays.sort(nanos);
    double p99 = nanos[MEASURED * 99 / 100] / 1e6;
    System.out.printf(
        "injector: %d of %s at %d/s: p50 %.2f ms, p99 %.2f ms, max %.2f ms%n",
        MEASURED, what, PER_SECOND, nanos[MEASURED / 2] / 1e6, p99, nanos[MEASURED - 1] / 1e6);
    return p99;
  }
}

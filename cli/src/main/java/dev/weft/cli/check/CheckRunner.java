package dev.weft.cli.check;

import dev.weft.cli.kube.ClusterException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs checks one after another, those that may be repeated until they succeed or the patience
 * ends.
 *
 * <p>Source: facts/cli-and-checks.md 2.1.
 */
final class CheckRunner {
  /** How long one call of a check may take. */
  static final Duration LIMIT = Duration.ofSeconds(30);

  /** Between two calls of the same check. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  /** Waits; a seam for tests. */
  @FunctionalInterface
  interface Pause {
    void sleep(Duration time) throws InterruptedException;
  }

  private final InstantSource clock;
  private final Pause pause;
  private final Instant deadline;

  /**
   * @param patience how long failing checks are repeated, counted from now for all of them
   */
  CheckRunner(InstantSource clock, Pause pause, Duration patience) {
    this.clock = clock;
    this.pause = pause;
    this.deadline = clock.instant().plus(patience);
  }

  /**
   * Runs the checks, up to the first fatal failure.
   *
   * @return whether none failed; warnings do not count
   */
  boolean run(List<Category> categories, CheckContext context, CheckReport report)
      throws InterruptedException {
    boolean good = true;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Category category : categories) {
        for (Check check : category.checks()) {
          Result result = repeat(check, context, report, threads);
          report.found(category, check, result);
          if (result instanceof Result.Failed && !check.is(Check.Trait.WARNING)) {
            good = false;
          }
          if (result instanceof Result.Failed && check.is(Check.Trait.FATAL)) {
            return false;
          }
        }
      }
    }
    return good;
  }

  private Result repeat(
      Check check, CheckContext context, CheckReport report, ExecutorService threads)
      throws InterruptedException {
    while (true) {
      Result result = once(check, context, threads);
      boolean again =
          result instanceof Result.Failed
              && check.is(Check.Trait.RETRIED)
              && clock.instant().plus(PAUSE).isBefore(deadline);
      if (!again) {
        return result;
      }
      report.waiting(check, ((Result.Failed) result).reason());
      pause.sleep(PAUSE);
    }
  }

  private static Result once(Check check, CheckContext context, ExecutorService threads)
      throws InterruptedException {
    Future<Result> running = threads.submit(() -> check.probe().find(context));
    try {
      return running.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      running.cancel(true);
      return Result.failed("no answer in %d s", LIMIT.toSeconds());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ClusterException || e.getCause() instanceof CheckFailed) {
        return Result.failed("%s", e.getCause().getMessage());
      }
      throw new IllegalStateException("check " + check.id() + " broke", e.getCause());
    }
  }
}

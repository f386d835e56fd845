package dev.weft.cli.check;

import dev.weft.cli.Terminal;
import dev.weft.cli.kube.Access;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;

/**
 * One run of {@code weft check} against a real cluster and the real time.
 *
 * @param access the cluster
 * @param settings which checks
 * @param patience how long failing ones are repeated
 * @param output how to show them
 */
record CheckRun(Access access, CheckSettings settings, Duration patience, CheckOutput output) {
  /**
   * @return the exit code
   */
  int run(PrintWriter out) throws InterruptedException {
    InstantSource clock = InstantSource.system();
    CheckReport report = output.report(out, Terminal.coloured());
    try (CheckContext context = new CheckContext(settings, access::open, clock)) {
      boolean good =
          new CheckRunner(clock, Thread::sleep, patience)
              .run(Checklist.of(settings.mode()), context, report);
      report.end(good);
      return good ? 0 : 1;
    }
  }
}

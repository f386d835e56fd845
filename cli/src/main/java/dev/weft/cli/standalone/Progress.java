package dev.weft.cli.standalone;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Tells what is under way, once that takes longer than a moment: the step at that time, and every
 * later one. What is done sooner is not told of. Thread-safe.
 */
final class Progress implements AutoCloseable {
  /** What may pass in silence. */
  static final Duration MOMENT = Duration.ofSeconds(1);

  private final String subject;
  private final Consumer<String> out;
  private final long began = System.nanoTime();
  private final Thread moment;
  private String step;
  private boolean telling;
  private boolean over;

  private Progress(String subject, String step, Duration patience, Consumer<String> out) {
    this.subject = subject;
    this.step = step;
    this.out = out;
    this.moment = Thread.ofVirtual().unstarted(() -> tellAfter(patience));
  }

  /**
   * Begins.
   *
   * @param subject what it is about, the beginning of each line
   * @param step what is done first
   * @param out gets each line, on any thread
   */
  static Progress of(String subject, String step, Consumer<String> out) {
    return of(subject, step, MOMENT, out);
  }

  static Progress of(String subject, String step, Duration patience, Consumer<String> out) {
    Progress progress = new Progress(subject, step, patience, out);
    progress.moment.start();
    return progress;
  }

  private void tellAfter(Duration patience) {
    try {
      Thread.sleep(patience);
    } catch (InterruptedException _) {
      return;
    }
    synchronized (this) {
      if (!over) {
        telling = true;
        tell(step + " ...");
      }
    }
  }

  /** Something else is done now. */
  synchronized void step(String next) {
    step = next;
    if (telling) {
      tell(next + " ...");
    }
  }

  /** All is done. */
  synchronized void ready() {
    if (telling && !over) {
      tell("ready after %.1f s".formatted((System.nanoTime() - began) / 1e9));
    }
    close();
  }

  private void tell(String what) {
    out.accept(subject + ": " + what);
  }

  /** Nothing more is told. */
  @Override
  public synchronized void close() {
    over = true;
    moment.interrupt();
  }
}

package dev.weft.proxy.log;

import java.io.PrintStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * Writes lines from a thread of its own, so that an event loop never waits for whoever reads our
 * standard error. A full queue loses messages and says how many. Thread-safe.
 */
final class QueuedHandler extends Handler {
  /** Most lines waiting. */
  static final int CAPACITY = 8_192;

  private static final String END = new String("end");
  private static final long CLOSE_TIMEOUT_MILLIS = 2_000;

  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicLong lost = new AtomicLong();
  private final PrintStream out;
  private final Thread writer;

  QueuedHandler(PrintStream out) {
    this.out = out;
    this.writer = Thread.ofPlatform().name("weft-log").daemon().start(this::write);
  }

  @Override
  public void publish(LogRecord record) {
    if (!isLoggable(record)) {
      return;
    }
    String line;
    try {
      line = getFormatter().format(record);
    } catch (RuntimeException e) {
      reportError(null, e, ErrorManager.FORMAT_FAILURE);
      return;
    }
    write(line);
  }

  /** Writes text that needs no format; with its end of line. Never blocks. */
  void write(String line) {
    if (!lines.offer(line)) {
      lost.incrementAndGet();
    }
  }

  @SuppressWarnings("ReferenceEquality") // The end is an object, not a text.
  private void write() {
    try {
      for (String line = lines.take(); line != END; line = lines.take()) {
        out.print(line);
        long n = lost.getAndSet(0);
        if (n > 0) {
          out.println("(" + n + " log messages lost: standard error is not read fast enough)");
        }
        if (lines.isEmpty()) {
          out.flush();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    out.flush();
  }

  @Override
  public void flush() {}

  /** Writes what waits, for a bounded time. */
  @Override
  public void close() {
    try {
      if (lines.offer(END, CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
        writer.join(CLOSE_TIMEOUT_MILLIS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}

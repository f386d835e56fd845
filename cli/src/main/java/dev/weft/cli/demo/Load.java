package dev.weft.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Requests sent by several threads, one after the other each, until closed; every failure is kept.
 * Thread-safe.
 */
final class Load implements AutoCloseable {
  private static final int KEPT_FAILURES = 5;

  private final LongAdder sent = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final List<String> failures = new ArrayList<>();
  private final ConcurrentHashMap<String, LongAdder> answersByInstance = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private final long pauseMillis;
  private volatile boolean stopped;

  private Load(long pauseMillis) {
    this.pauseMillis = pauseMillis;
  }

  /**
   * Starts to send.
   *
   * @param pauseMillis between an answer and the next request of a thread
   */
  static Load start(int threads, long pauseMillis, List<Caller> callers) {
    Load load = new Load(pauseMillis);
    for (int i = 0; i < threads; i++) {
      Caller caller = callers.get(i % callers.size());
      load.threads.add(Thread.ofVirtual().start(() -> load.run(caller)));
    }
    return load;
  }

  private void run(Caller caller) {
    try {
      while (!stopped) {
        Outcome outcome = caller.call();
        sent.increment();
        if (outcome.ok()) {
          answersByInstance.computeIfAbsent(instance(outcome), _ -> new LongAdder()).increment();
        } else {
          failed.increment();
          keep(outcome.detail());
        }
        Thread.sleep(pauseMillis);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The applications begin every answer with their own name. */
  private static String instance(Outcome outcome) {
    String text = outcome.detail();
    int end = 0;
    while (end < text.length() && text.charAt(end) != ' ' && text.charAt(end) != ':') {
      end++;
    }
    return text.substring(0, end);
  }

  private synchronized void keep(String failure) {
    if (failures.size() < KEPT_FAILURES) {
      failures.add(failure);
    }
  }

  long sent() {
    return sent.sum();
  }

  long failed() {
    return failed.sum();
  }

  /** How many answers came from an instance. */
  long answersOf(String instance) {
    LongAdder count = answersByInstance.get(instance);
    return count == null ? 0 : count.sum();
  }

  /** The first few failures. */
  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  /** Stops, and waits for requests under way. */
  @Override
  public void close() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}

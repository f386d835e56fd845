package dev.weft.kit.watch;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One thread with a bounded queue: the home of an index, which needs no locks while only this
 * thread touches it.
 *
 * <p>Two ways in. {@link #execute} is for callers who may be turned away (a gRPC call): it throws
 * when the queue is full. {@link #put} is for the one who must not be (the resource source): it
 * waits for room, which holds back the source and nobody else. A task that throws is logged and
 * does not stop the loop.
 */
public final class SerialLoop implements Executor, AutoCloseable {
  /** Tasks that may wait; a task is one batch of changes or one new subscription. */
  public static final int DEFAULT_CAPACITY = 16_384;

  private static final Logger LOG = Logger.getLogger(SerialLoop.class);

  private final BlockingQueue<Runnable> queue;
  private final Thread thread;
  private volatile boolean closed;

  /** Starts the loop with {@link #DEFAULT_CAPACITY}. */
  public SerialLoop(String name) {
    this(name, DEFAULT_CAPACITY);
  }

  /** Starts the loop; {@code capacity} tasks may wait. */
  public SerialLoop(String name, int capacity) {
    queue = new ArrayBlockingQueue<>(capacity);
    thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  /**
   * Queues a task, or throws {@link RejectedExecutionException} when the loop is full or closed.
   */
  @Override
  public void execute(Runnable task) {
    if (closed || !queue.offer(task)) {
      throw new RejectedExecutionException(
          closed ? "loop is closed" : "loop is full; cause: more work than one thread does");
    }
  }

  /**
   * Queues a task, waiting for room; drops it once closed. Must not be called on the loop itself.
   */
  public void put(Runnable task) throws InterruptedException {
    while (!closed) {
      if (queue.offer(task, 100, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  /** Whether the caller runs on this loop. */
  public boolean inLoop() {
    return Thread.currentThread() == thread;
  }

  /** The number of tasks which wait. */
  public int backlog() {
    return queue.size();
  }

  /** Stops after the task that runs now; tasks which wait are dropped. Waits a short while. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    if (!inLoop()) {
      try {
        thread.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    while (!closed) {
      try {
        queue.take().run();
      } catch (InterruptedException e) {
        if (!closed) {
          LOG.warn("serial loop interrupted; it goes on, since nobody may stop it but close()", e);
        }
      } catch (RuntimeException | StackOverflowError e) {
        LOG.errorf(e, "task failed on loop %s; the loop goes on", thread.getName());
      }
    }
  }
}

package dev.weft.proxy.client;

import dev.weft.proxy.forward.Refusal;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where requests wait, in order, while no endpoint of a backend is ready. Runs on its loop only.
 *
 * <p>If none becomes ready for the failfast time, counted from when the first began to wait, all
 * who wait are refused with {@link Refusal#FAIL_FAST} and the room is shut: whoever comes then is
 * refused at once with {@link Refusal#LOAD_SHED}, until an endpoint is ready again. A full room
 * refuses the same way.
 *
 * <p>Source: contract sheet of the proxy, section 3.9.
 */
public final class WaitingRoom {
  /** Who waits for an endpoint. */
  public interface Guest {
    /** Nothing became ready in time, or there is no room. */
    void refused(Refusal refusal);

    /** Whether it has left by itself; it is skipped then. */
    boolean hasLeft();

    /** It has been taken out, see {@link WaitingRoom#next}, and an endpoint is ready. */
    void admitted();
  }

  /** Observes the room; both calls happen on the loop. */
  public interface Observer {
    /** The number of waiting guests changed by {@code change}. */
    default void queued(int change) {}

    /** The gate opened or shut. */
    default void gate(boolean open) {}
  }

  private final EventExecutor loop;
  private final int capacity;
  private final long failfastNanos;
  private final Observer observer;
  private final ArrayDeque<Guest> waiting = new ArrayDeque<>();
  private @Nullable Future<?> timer;
  private boolean shut;
  private @Nullable Refusal hopeless;

  /**
   * An open, empty room.
   *
   * @param capacity most guests at once
   * @param failfastNanos how long guests wait before all are refused
   */
  public WaitingRoom(EventExecutor loop, int capacity, long failfastNanos, Observer observer) {
    this.loop = loop;
    this.capacity = capacity;
    this.failfastNanos = failfastNanos;
    this.observer = observer;
  }

  /** Whether a request may wait here: false while in failfast. */
  public boolean isOpen() {
    return !shut;
  }

  /** Whether nobody waits. */
  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Lets {@code guest} wait, or refuses it at once. */
  public void enter(Guest guest) {
    if (hopeless != null) {
      guest.refused(hopeless);
      return;
    }
    if (shut || waiting.size() >= capacity) {
      guest.refused(Refusal.LOAD_SHED);
      return;
    }
    waiting.add(guest);
    observer.queued(1);
    if (timer == null) {
      timer = loop.schedule(this::failFast, failfastNanos, TimeUnit.NANOSECONDS);
    }
  }

  /** An endpoint is ready: ends failfast. The caller then takes the guests out one by one. */
  public void open() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    if (shut) {
      shut = false;
      observer.gate(true);
    }
  }

  /**
   * Says whether there is anything to wait for.
   *
   * @param why refuses all who wait, and everyone after them; null if waiting makes sense again
   */
  public void hopeless(@Nullable Refusal why) {
    hopeless = why;
    if (why != null) {
      open();
      refuseAll(why);
    }
  }

  /** The guest who waits longest, or null. Restarts no timer: call {@link #settle} when done. */
  public @Nullable Guest next() {
    Guest guest;
    while ((guest = waiting.poll()) != null) {
      observer.queued(-1);
      if (!guest.hasLeft()) {
        return guest;
      }
    }
    return null;
  }

  /** Those who still wait after the endpoints went away again get the failfast time anew. */
  public void settle() {
    if (!waiting.isEmpty() && timer == null && !shut) {
      timer = loop.schedule(this::failFast, failfastNanos, TimeUnit.NANOSECONDS);
    }
  }

  /** The backend is gone: refuses all who wait, and everyone after them. */
  public void close() {
    open();
    shut = true;
    refuseAll(Refusal.LOAD_SHED);
  }

  private void failFast() {
    timer = null;
    shut = true;
    observer.gate(false);
    refuseAll(Refusal.FAIL_FAST);
  }

  private void refuseAll(Refusal refusal) {
    Guest guest;
    while ((guest = next()) != null) {
      guest.refused(refusal);
    }
  }
}

package dev.weft.proxy.runtime;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Everything that must end before the process may: listeners and connections register here, and
 * leave when they are done. Thread-safe, never blocks.
 *
 * <p>Source: facts/proxy.md 1.8.
 */
public final class Drain {
  private final Set<Registration> members = ConcurrentHashMap.newKeySet();
  private final AtomicLong open = new AtomicLong();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile boolean draining;

  /** A member's place in the drain. */
  public final class Registration implements AutoCloseable {
    private final Drainable member;

    private Registration(Drainable member) {
      this.member = member;
    }

    /** The member is done. Idempotent. */
    @Override
    public void close() {
      if (members.remove(this) && open.decrementAndGet() == 0 && draining) {
        done.complete(null);
      }
    }
  }

  /** Adds a member; one that comes while the drain runs is asked to finish at once. */
  public Registration register(Drainable member) {
    Registration registration = new Registration(member);
    open.incrementAndGet();
    members.add(registration);
    if (draining) {
      member.drain();
    }
    return registration;
  }

  /** Whether the end has begun. */
  public boolean draining() {
    return draining;
  }

  /** How many members have not finished. */
  public long open() {
    return open.get();
  }

  /** Asks every member to finish. The returned future completes when all are done. Idempotent. */
  public CompletableFuture<Void> begin() {
    if (draining) {
      return done;
    }
    draining = true;
    for (Registration registration : members) {
      registration.member.drain();
    }
    if (open.get() == 0) {
      done.complete(null);
    }
    return done;
  }
}

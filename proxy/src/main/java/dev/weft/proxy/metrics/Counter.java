package dev.weft.proxy.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A count that only grows. Written by the one thread that owns its {@link Shard}; read by any.
 *
 * <p>Obtain it from a {@link Family} once per connection or endpoint and keep it.
 */
public final class Counter extends Cell {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private long value;

  /** Adds one. */
  public void increment() {
    VALUE.setOpaque(this, value + 1);
  }

  /** Adds {@code n}, which must not be negative. */
  public void add(long n) {
    VALUE.setOpaque(this, value + n);
  }

  /** The count so far in this shard. */
  public long get() {
    return (long) VALUE.getOpaque(this);
  }

  @Override
  long stamp() {
    return get();
  }
}

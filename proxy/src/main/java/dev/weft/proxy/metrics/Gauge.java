package dev.weft.proxy.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number that goes up and down; shards are summed. Written by the one thread that owns its {@link
 * Shard}; read by any.
 */
public final class Gauge extends Cell {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(Gauge.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private long value;

  /** Adds {@code n}, which may be negative. */
  public void add(long n) {
    VALUE.setOpaque(this, value + n);
  }

  /** Replaces this shard's part. */
  public void set(long newValue) {
    VALUE.setOpaque(this, newValue);
  }

  /** This shard's part. */
  public long get() {
    return (long) VALUE.getOpaque(this);
  }

  @Override
  long stamp() {
    return get();
  }

  @Override
  boolean keep() {
    return get() != 0;
  }
}

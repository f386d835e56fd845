package dev.weft.proxy.metrics;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All series of one metric name. Thread-safe; a returned cell belongs to the thread of the shard it
 * was asked for.
 *
 * <p>A cell stays valid as long as its user keeps it. A series that nobody writes for the retention
 * time is no longer shown; it returns with its old value when its user writes it again, and is
 * forgotten when it has no user any more.
 *
 * @param <C> {@link Counter}, {@link Gauge} or {@link Histogram}
 */
public final class Family<C extends Cell> {
  private static final Labels OVERFLOW = Labels.of("weft_overflow", "true");

  private final Descriptor descriptor;
  private final Supplier<C> newCell;
  private final Limits limits;

  /** By labels; an entry holds one slot per shard. */
  private final Map<Labels, Series<C>> series = new ConcurrentHashMap<>();

  private final int shards;
  private volatile boolean lasting;

  Family(Descriptor descriptor, Supplier<C> newCell, int shards, Limits limits) {
    this.descriptor = descriptor;
    this.newCell = newCell;
    this.shards = shards;
    this.limits = limits;
  }

  /**
   * What bounds a family.
   *
   * @param ownSeries most series of this family, about
   * @param budget what it shares with all others, exactly
   */
  record Limits(int ownSeries, SeriesBudget budget) {}

  /**
   * From now on its series are shown even if nobody writes them for long, as the contract has it
   * for everything but {@code request_total}, {@code tcp_open_total} and their like.
   */
  public Family<C> lasting() {
    lasting = true;
    return this;
  }

  boolean isLasting() {
    return lasting;
  }

  /**
   * The cell of a series in a shard, made at first use. Once the family holds its limit of series,
   * new labels share one series labelled {@code weft_overflow="true"}.
   */
  public C get(Shard shard, Labels labels) {
    Series<C> found = series.get(labels);
    if (found == null) {
      found =
          series.size() < limits.ownSeries() ? series.computeIfAbsent(labels, _ -> make()) : null;
      if (found == null) {
        found = series.computeIfAbsent(OVERFLOW, _ -> new Series<>(shards));
      }
    }
    return found.cell(shard.index(), newCell);
  }

  /** Null, which leaves the map as it is, when the budget is used up. */
  private @Nullable Series<C> make() {
    return limits.budget().take(descriptor.lines()) ? new Series<>(shards) : null;
  }

  Descriptor descriptor() {
    return descriptor;
  }

  /** Series that are to be shown, with the cells of all shards. */
  List<Map.Entry<Labels, List<C>>> visible() {
    List<Map.Entry<Labels, List<C>>> result = new ArrayList<>();
    series.forEach(
        (labels, s) -> {
          List<C> cells = s.visible();
          if (!cells.isEmpty()) {
            result.add(Map.entry(labels, cells));
          }
        });
    result.sort((a, b) -> a.getKey().toString().compareTo(b.getKey().toString()));
    return result;
  }

  /** Hides series without writes since {@code idleNanos}, forgets those without user. */
  void sweep(long nowNanos, long idleNanos) {
    series.forEach(
        (labels, s) -> {
          if (s.sweep(nowNanos, idleNanos)) {
            series.computeIfPresent(labels, (_, current) -> forget(labels, current));
          }
        });
  }

  private @Nullable Series<C> forget(Labels labels, Series<C> current) {
    if (!current.isForgotten()) {
      return current;
    }
    if (!labels.equals(OVERFLOW)) {
      limits.budget().giveBack(descriptor.lines());
    }
    return null;
  }

  /** Name, help text and shape of a family. */
  record Descriptor(String name, String help, Type type, long[] bounds, double rawPerUnit) {
    Descriptor {
      bounds = Arrays.copyOf(bounds, bounds.length);
    }

    /** Lines of one series: what it costs those who read and store it. */
    int lines() {
      return type == Type.HISTOGRAM ? bounds.length + 3 : 1;
    }
  }

  /** Types of the exposition format. */
  enum Type {
    COUNTER,
    GAUGE,
    /** A gauge of which the greatest part is shown, not the sum. */
    LATEST,
    HISTOGRAM
  }

  /** One set of labels. Guarded by its own monitor: touched when cells are made, swept or read. */
  private static final class Series<C extends Cell> {
    private final @Nullable C[] strong;
    private final @Nullable WeakReference<C>[] weak;
    private long lastStamp = -1;
    private long lastChangeNanos;
    private boolean forgotten;

    @SuppressWarnings({"unchecked", "rawtypes"})
    Series(int shards) {
      strong = (C[]) new Cell[shards];
      weak = new WeakReference[shards];
    }

    synchronized C cell(int shard, Supplier<C> newCell) {
      C cell = strong[shard];
      if (cell == null) {
        WeakReference<C> reference = weak[shard];
        cell = reference == null ? null : reference.get();
        if (cell == null) {
          cell = newCell.get();
        }
        forgotten = false;
        revive();
        strong[shard] = cell;
        weak[shard] = null;
        lastStamp = -1;
      }
      return cell;
    }

    private void revive() {
      for (int i = 0; i < weak.length; i++) {
        WeakReference<C> reference = weak[i];
        if (reference != null && strong[i] == null) {
          strong[i] = reference.get();
          weak[i] = null;
        }
      }
    }

    synchronized List<C> visible() {
      List<C> cells = new ArrayList<>(strong.length);
      for (C cell : strong) {
        if (cell != null) {
          cells.add(cell);
        }
      }
      return cells;
    }

    /** Returns whether nothing is left. */
    synchronized boolean sweep(long nowNanos, long idleNanos) {
      long stamp = 0;
      boolean keep = false;
      boolean any = false;
      for (int i = 0; i < strong.length; i++) {
        C cell = strong[i];
        if (cell == null && weak[i] != null) {
          cell = weak[i].get();
        }
        if (cell != null) {
          any = true;
          stamp = stamp * 31 + cell.stamp();
          keep |= cell.keep();
        }
      }
      if (!any) {
        forgotten = true;
        return true;
      }
      if (stamp != lastStamp || keep) {
        lastStamp = stamp;
        lastChangeNanos = nowNanos;
        revive();
      } else if (nowNanos - lastChangeNanos >= idleNanos) {
        for (int i = 0; i < strong.length; i++) {
          C cell = strong[i];
          if (cell != null) {
            weak[i] = new WeakReference<>(cell);
            strong[i] = null;
          }
        }
      }
      return false;
    }

    synchronized boolean isForgotten() {
      return forgotten;
    }
  }
}

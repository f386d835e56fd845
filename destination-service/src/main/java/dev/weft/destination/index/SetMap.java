package dev.weft.destination.index;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Some values for each key, in their natural order, so that what is computed of them is stable. */
final class SetMap<K, V extends Comparable<V>> {
  private final Map<K, SortedSet<V>> values = new HashMap<>();

  void add(K key, V value) {
    values.computeIfAbsent(key, _ -> new TreeSet<>()).add(value);
  }

  void remove(K key, V value) {
    values.computeIfPresent(
        key,
        (_, set) -> {
          set.remove(value);
          return set.isEmpty() ? null : set;
        });
  }

  /** The values, none if there are none; not to be kept beyond the next change. */
  SortedSet<V> get(K key) {
    return values.getOrDefault(key, new TreeSet<>());
  }
}

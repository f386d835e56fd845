package dev.weft.policy.route;

import java.util.List;

/**
 * Changes to a set of headers, applied in this order: append {@code add}, replace by {@code set},
 * delete {@code remove}. Values are bytes, one char each.
 */
public record HeaderModifier(List<Field> add, List<Field> set, List<String> remove) {
  public HeaderModifier {
    add = List.copyOf(add);
    set = List.copyOf(set);
    remove = List.copyOf(remove);
  }

  /** One header line. */
  public record Field(String name, String value) {}
}

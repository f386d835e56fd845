package dev.weft.cli.check;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Checks of one subject.
 *
 * @param id the contract's name of it
 * @param modes when it is looked at
 * @param checks in order
 */
record Category(String id, Set<CheckMode> modes, List<Check> checks) {
  Category {
    modes = Set.copyOf(modes);
    checks = List.copyOf(checks);
  }

  static Category always(String id, Check... checks) {
    return new Category(id, EnumSet.allOf(CheckMode.class), List.of(checks));
  }

  /** Looked at once the control plane is there. */
  static Category installed(String id, Check... checks) {
    return new Category(id, EnumSet.of(CheckMode.DEFAULT, CheckMode.PROXY), List.of(checks));
  }

  static Category only(CheckMode mode, String id, Check... checks) {
    return new Category(id, EnumSet.of(mode), List.of(checks));
  }
}

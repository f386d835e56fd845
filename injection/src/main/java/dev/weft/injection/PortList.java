package dev.weft.injection;

import dev.weft.mesh.PortSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A list of ports as annotations write it, made fit for the proxy: names replaced by numbers, order
 * kept.
 *
 * @param text numbers and ranges, comma-separated
 * @param problems the items that are neither
 */
record PortList(String text, List<String> problems) {
  static PortList parse(String text, Map<String, ? extends Collection<Integer>> names) {
    List<String> items = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String written : text.split(",", -1)) {
      String item = written.strip();
      Collection<Integer> named = names.get(item);
      if (named != null) {
        named.forEach(port -> items.add(String.valueOf(port)));
      } else if (PortSet.parseStrict(item).isPresent()) {
        if (!item.isEmpty()) {
          items.add(item.replace(" ", ""));
        }
      } else {
        problems.add(item);
      }
    }
    return new PortList(String.join(",", items), List.copyOf(problems));
  }
}

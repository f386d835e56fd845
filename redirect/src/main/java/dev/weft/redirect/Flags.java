package dev.weft.redirect;

import dev.weft.mesh.PortRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A command line as the contract writes it: {@code --name value}, {@code --name=value}, {@code -n
 * value}; a switch alone means true. The last of several values wins. What follows {@code --}, or
 * the first word without a dash, is not ours.
 *
 * @param values what was given, by long name
 * @param rest the words that are not flags
 */
record Flags(Map<String, String> values, List<String> rest) {
  Flags {
    values = Map.copyOf(values);
    rest = List.copyOf(rest);
  }

  /**
   * The flags a program knows.
   *
   * @param names long names of flags with a value
   * @param switches long names of flags that are true or false
   * @param shorts the long name for each short one
   */
  record Known(Set<String> names, Set<String> switches, Map<Character, String> shorts) {}

  /**
   * Reads the words of a command line.
   *
   * @throws RedirectException for a flag that is not known or lacks its value
   */
  static Flags parse(List<String> words, Known known) {
    Map<String, String> values = new HashMap<>();
    int at = 0;
    while (at < words.size() && words.get(at).startsWith("-") && words.get(at).length() > 1) {
      String word = words.get(at++);
      if (word.equals("--")) {
        break;
      }
      int equals = word.indexOf('=');
      String name = longName(equals < 0 ? word : word.substring(0, equals), known);
      if (equals >= 0) {
        values.put(name, word.substring(equals + 1));
      } else if (known.switches().contains(name)) {
        values.put(name, "true");
      } else if (at < words.size()) {
        values.put(name, words.get(at++));
      } else {
        throw refused(word, "it needs a value", "give it one");
      }
    }
    return new Flags(values, words.subList(at, words.size()));
  }

  private static String longName(String word, Known known) {
    String name =
        word.startsWith("--")
            ? word.substring(2)
            : word.length() == 2 ? known.shorts().getOrDefault(word.charAt(1), word) : word;
    if (!known.names().contains(name) && !known.switches().contains(name)) {
      throw refused(
          word,
          "there is no such flag",
          "one of --" + String.join(", --", known.names().stream().sorted().toList()));
    }
    return name;
  }

  String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  boolean isOn(String name, boolean otherwise) {
    String text = values.get(name);
    if (text == null) {
      return otherwise;
    }
    return switch (text) {
      case "true", "1", "t", "T", "TRUE", "True" -> true;
      case "false", "0", "f", "F", "FALSE", "False" -> false;
      default -> throw refused("--" + name + "=" + text, "it is on or off", "true or false");
    };
  }

  int number(String name, int otherwise) {
    String text = values.get(name);
    return text == null ? otherwise : number(name, text, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** A port that must be given. */
  int port(String name) {
    String text = values.get(name);
    if (text == null) {
      throw refused("--" + name, "it must be given", "a port of 0 to 65535");
    }
    return number(name, text, 0, PortRange.MAX_PORT);
  }

  List<Integer> ports(String name) {
    List<Integer> ports = new ArrayList<>();
    for (String item : items(name)) {
      ports.add(number(name, item, 0, PortRange.MAX_PORT));
    }
    return ports;
  }

  /** The items of a list, without blank ones. */
  List<String> items(String name) {
    return List.of(text(name, "").split(",", -1)).stream()
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  private static int number(String name, String text, int from, int to) {
    try {
      int number = Integer.parseInt(text);
      if (number >= from && number <= to) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below, as a number out of bounds is.
    }
    throw refused("--" + name + " " + text, "not a number of " + from + " to " + to, "a number");
  }

  static RedirectException refused(String what, String cause, String fix) {
    return new RedirectException(what + " refused", cause, fix);
  }
}

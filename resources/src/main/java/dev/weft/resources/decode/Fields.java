package dev.weft.resources.decode;

import dev.weft.mesh.Cidr;
import dev.weft.mesh.IpAddr;
import dev.weft.mesh.PortRange;
import dev.weft.mesh.PortRef;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object, read by name and type. A field that is missing or null is absent; a
 * field of another type than asked for is a {@link DecodeException} which names its path.
 */
final class Fields {
  private final Tree.Mapping mapping;
  private final @Nullable Fields parent;
  private final String segment;

  private Fields(Tree.Mapping mapping, @Nullable Fields parent, String segment) {
    this.mapping = mapping;
    this.parent = parent;
    this.segment = segment;
  }

  /** The fields of a whole document. */
  static Fields ofDocument(Tree.Mapping mapping) {
    return new Fields(mapping, null, "");
  }

  /** Whether the field is there and not null. */
  boolean has(String name) {
    return find(name) != null;
  }

  /** A text that must be there and not empty. */
  String text(String name) {
    String text = textOr(name, "");
    if (text.isEmpty()) {
      throw invalid(name, "a non-empty string");
    }
    return text;
  }

  /** A text, or this one where absent. */
  String textOr(String name, String absent) {
    String text = textOrNull(name);
    return text == null ? absent : text;
  }

  /** A text, or null where absent. */
  @Nullable String textOrNull(String name) {
    Tree tree = find(name);
    return tree == null ? null : string(tree, name);
  }

  /** One of some words, or {@code absent} where there is none. */
  <T> T wordOr(String name, Iterable<T> words, T absent) {
    return has(name) ? word(name, words) : absent;
  }

  /** One of some words, compared with their {@code toString()}, that must be there. */
  <T> T word(String name, Iterable<T> words) {
    String text = textOrNull(name);
    for (T word : words) {
      if (word.toString().equals(text)) {
        return word;
      }
    }
    throw invalid(name, "one of " + String.join(", ", strings(words)));
  }

  private static List<String> strings(Iterable<?> words) {
    List<String> strings = new ArrayList<>();
    words.forEach(word -> strings.add(word.toString()));
    return strings;
  }

  /** A whole number between two bounds that must be there. */
  int number(String name, int min, int max) {
    return (int) longNumber(name, min, max);
  }

  /** A whole number between two bounds, or this one where absent. */
  int numberOr(String name, int min, int max, int absent) {
    return has(name) ? number(name, min, max) : absent;
  }

  /** A whole number between two bounds that must be there. */
  long longNumber(String name, long min, long max) {
    if (find(name) instanceof Tree.Scalar(Tree.Type type, String text, _)
        && type == Tree.Type.INTEGER) {
      try {
        long value = Long.parseLong(text);
        if (value >= min && value <= max) {
          return value;
        }
      } catch (NumberFormatException _) {
        // Too long for 64 bits: told below.
      }
    }
    throw invalid(name, "a whole number, " + min + " to " + max);
  }

  /** A number that must be there. */
  double decimal(String name) {
    if (find(name) instanceof Tree.Scalar(Tree.Type type, String text, _)
        && (type == Tree.Type.INTEGER || type == Tree.Type.DECIMAL)) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException _) {
        // YAML's .inf and .nan: told below.
      }
    }
    throw invalid(name, "a number");
  }

  /** A text or number as written that must be there. */
  String scalarText(String name) {
    if (find(name) instanceof Tree.Scalar(Tree.Type type, String text, _)
        && type != Tree.Type.BOOLEAN) {
      return text;
    }
    throw invalid(name, "a string or a number");
  }

  /** A port number, or 0 where absent. */
  int portOrZero(String name) {
    return numberOr(name, 1, PortRange.MAX_PORT, 0);
  }

  /** A port by number or name that must be there. */
  PortRef portRef(String name) {
    Tree tree = find(name);
    if (tree instanceof Tree.Scalar(Tree.Type type, String text, _)
        && type == Tree.Type.STRING
        && !text.isEmpty()) {
      return PortRef.of(text);
    }
    if (tree instanceof Tree.Scalar(Tree.Type type, _, _) && type == Tree.Type.INTEGER) {
      return PortRef.of(number(name, 1, PortRange.MAX_PORT));
    }
    throw invalid(name, "a port number, 1 to 65535, or a port name");
  }

  /** A flag, or this where absent. */
  boolean flagOr(String name, boolean absent) {
    Boolean flag = flagOrNull(name);
    return flag == null ? absent : flag;
  }

  /** A flag, or null where absent. */
  @Nullable Boolean flagOrNull(String name) {
    Tree tree = find(name);
    if (tree == null) {
      return null;
    }
    if (tree instanceof Tree.Scalar(Tree.Type type, String text, _) && type == Tree.Type.BOOLEAN) {
      return text.equals("true");
    }
    throw invalid(name, "true or false");
  }

  /** A time of RFC 3339, if there is one. */
  Optional<Instant> time(String name) {
    String text = textOrNull(name);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException _) {
      throw invalid(name, "a time such as 2026-01-31T12:00:00Z");
    }
  }

  /** An IP literal that must be there. */
  IpAddr ip(String name) {
    return IpAddr.tryParse(textOr(name, ""))
        .orElseThrow(() -> invalid(name, "an IPv4 or IPv6 address"));
  }

  /** A CIDR block or bare address that must be there. */
  Cidr cidr(String name) {
    return Cidr.tryParse(textOr(name, ""))
        .orElseThrow(() -> invalid(name, "a CIDR block or an IP address"));
  }

  /** An object that must be there. */
  Fields object(String name) {
    return child(name).orElseThrow(() -> invalid(name, "an object"));
  }

  /** An object, if there is one. */
  Optional<Fields> child(String name) {
    Tree tree = find(name);
    if (tree == null) {
      return Optional.empty();
    }
    if (tree instanceof Tree.Mapping object) {
      return Optional.of(new Fields(object, this, name));
    }
    throw invalid(name, "an object");
  }

  /** An object; one without fields where absent. */
  Fields childOrEmpty(String name) {
    return child(name)
        .orElseGet(() -> new Fields(new Tree.Mapping(Map.of(), mapping.line()), this, name));
  }

  /** The objects of a list; none where absent. */
  <T> List<T> objects(String name, Function<Fields, T> decode) {
    List<Tree> items = items(name);
    List<T> decoded = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      String item = name + "[" + i + "]";
      if (!(items.get(i) instanceof Tree.Mapping object)) {
        throw invalid(items.get(i), item, "an object");
      }
      decoded.add(decode.apply(new Fields(object, this, item)));
    }
    return decoded;
  }

  /** The texts of a list; none where absent. */
  List<String> texts(String name) {
    List<Tree> items = items(name);
    List<String> texts = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      texts.add(string(items.get(i), name + "[" + i + "]"));
    }
    return texts;
  }

  /** The CIDR blocks and addresses of a list; none where absent. */
  List<Cidr> cidrs(String name) {
    List<Tree> items = items(name);
    List<Cidr> cidrs = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      Tree item = items.get(i);
      String at = name + "[" + i + "]";
      cidrs.add(
          Cidr.tryParse(string(item, at))
              .orElseThrow(() -> invalid(item, at, "a CIDR block or an IP address")));
    }
    return cidrs;
  }

  /** A map of texts; empty where absent. A null value is an empty text, as the API server says. */
  Map<String, String> textMap(String name) {
    Optional<Fields> object = child(name);
    if (object.isEmpty()) {
      return Map.of();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    object.get().mapping.fields().forEach((key, _) -> texts.put(key, object.get().textOr(key, "")));
    return texts;
  }

  private List<Tree> items(String name) {
    Tree tree = find(name);
    if (tree == null) {
      return List.of();
    }
    if (tree instanceof Tree.Sequence list) {
      return list.items();
    }
    throw invalid(name, "a list");
  }

  /** What to throw where this field is not what was expected. */
  DecodeException invalid(String name, String expected) {
    Tree tree = mapping.fields().get(name);
    if (tree == null) {
      return new DecodeException(mapping.line(), path(name) + ": missing, expected " + expected);
    }
    return invalid(tree, name, expected);
  }

  /** What to throw where the object as a whole is not what was expected. */
  DecodeException invalid(String problem) {
    String path = path();
    return new DecodeException(mapping.line(), path.isEmpty() ? problem : path + ": " + problem);
  }

  private DecodeException invalid(Tree tree, String name, String expected) {
    return new DecodeException(
        tree.line(), path(name) + ": found " + tree.shown() + ", expected " + expected);
  }

  private String string(Tree tree, String name) {
    if (tree instanceof Tree.Scalar(Tree.Type type, String text, _) && type == Tree.Type.STRING) {
      return text;
    }
    boolean scalar = tree instanceof Tree.Scalar(Tree.Type type, _, _) && type != Tree.Type.NULL;
    throw invalid(tree, name, scalar ? "a string; fix: put it in quotes" : "a string");
  }

  private @Nullable Tree find(String name) {
    Tree tree = mapping.fields().get(name);
    boolean isNull = tree instanceof Tree.Scalar scalar && scalar.type() == Tree.Type.NULL;
    return isNull ? null : tree;
  }

  private String path(String name) {
    String path = path();
    return path.isEmpty() ? name : path + "." + name;
  }

  private String path() {
    return parent == null ? segment : parent.path(segment);
  }
}

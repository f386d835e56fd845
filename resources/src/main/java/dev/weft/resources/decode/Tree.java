package dev.weft.resources.decode;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a YAML or JSON document says, before anybody asks what it means. Immutable.
 *
 * <p>Lines count from 1 and say where the value begins; 0 where the text had no lines worth naming,
 * as on a watch connection.
 */
public sealed interface Tree {
  /** Where the value begins. */
  int line();

  /** The value for people, shortened: {@code "eighty"}, {@code 80}, {@code a list}. */
  String shown();

  /**
   * An object.
   *
   * @param fields in written order, no key twice
   * @param line where it begins
   */
  record Mapping(Map<String, Tree> fields, int line) implements Tree {
    /** Copies the map, keeping its order. */
    public Mapping {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    @Override
    public String shown() {
      return "an object";
    }
  }

  /**
   * A list.
   *
   * @param items in order
   * @param line where it begins
   */
  record Sequence(List<Tree> items, int line) implements Tree {
    /** Copies the list. */
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String shown() {
      return "a list";
    }
  }

  /** What kind of scalar the text is. */
  enum Type {
    /** Text. */
    STRING,
    /** A whole number. */
    INTEGER,
    /** Any other number. */
    DECIMAL,
    /** {@code true} or {@code false}. */
    BOOLEAN,
    /** Nothing; as good as a missing field. */
    NULL
  }

  /**
   * A single value.
   *
   * @param type what kind
   * @param text the value as written; {@code true} and {@code false} in lower case
   * @param line where it begins
   */
  record Scalar(Type type, String text, int line) implements Tree {
    private static final int MAX_SHOWN = 80;

    @Override
    public String shown() {
      String shortened = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
      return switch (type) {
        case STRING -> '"' + shortened.replaceAll("\\p{Cntrl}", " ") + '"';
        case INTEGER, DECIMAL, BOOLEAN -> shortened;
        case NULL -> "null";
      };
    }
  }
}

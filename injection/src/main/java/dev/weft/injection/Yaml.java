package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * YAML text and trees. Reads YAML 1.2 (core schema), of which JSON is a part; writes so that
 * readers of YAML 1.1, as {@code kubectl} has one, see the same. Keys keep their order.
 */
public final class Yaml {
  /** Longest text, in code points. */
  public static final int MAX_CHARS = 8 << 20;

  private static final int MAX_ALIASES = 1_000;

  /** What YAML 1.1 takes for something else than text although YAML 1.2 does not. */
  private static final String AMBIGUOUS_IN_1_1 =
      "(?i)y|n|yes|no|on|off|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?|[-+]?0[0-7_]+|[-+]?0b[01_]+"
          + "|[-+]?[0-9][0-9_]*|\\d{4}-\\d\\d?-\\d\\d?.*|=|<<|[-+]?[0-9_]*\\.[0-9_]*(e[-+]?[0-9]+)?";

  private Yaml() {}

  /**
   * All documents of a text; those without content are left out.
   *
   * @throws IllegalArgumentException if the text is not YAML, saying where
   */
  public static List<JsonNode> documents(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setAllowDuplicateKeys(false)
            .setCodePointLimit(MAX_CHARS)
            .setMaxAliasesForCollections(MAX_ALIASES)
            .build();
    List<JsonNode> documents = new ArrayList<>();
    try {
      for (Object document : new Load(settings).loadAllFromString(text)) {
        if (document != null) {
          documents.add(tree(document));
        }
      }
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException("not YAML; cause: " + e.getMessage(), e);
    }
    return documents;
  }

  /**
   * The one document of a text, an object; an empty text is an empty object.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static ObjectNode object(String text) {
    List<JsonNode> documents = documents(text);
    if (documents.isEmpty()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (documents.size() == 1 && documents.getFirst() instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("found something else than one YAML object");
  }

  private static JsonNode tree(Object value) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (value) {
      case Map<?, ?> map -> {
        ObjectNode object = json.objectNode();
        map.forEach(
            (key, field) ->
                object.set(String.valueOf(key), field == null ? json.nullNode() : tree(field)));
        yield object;
      }
      case Iterable<?> list -> {
        ArrayNode array = json.arrayNode();
        list.forEach(item -> array.add(item == null ? json.nullNode() : tree(item)));
        yield array;
      }
      case String text -> json.textNode(text);
      case Boolean flag -> json.booleanNode(flag);
      case Integer number -> json.numberNode(number);
      case Long number -> json.numberNode(number);
      case BigInteger number -> json.numberNode(number);
      case Double number -> json.numberNode(BigDecimal.valueOf(number));
      default -> json.textNode(value.toString());
    };
  }

  /** One document, block style, ending with a line break, without a separator. */
  public static String write(JsonNode document) {
    DumpSettings settings =
        DumpSettings.builder()
            .setSchema(new CoreSchema())
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setWidth(Integer.MAX_VALUE)
            .setSplitLines(false)
            .setDereferenceAliases(true)
            .build();
    return new Dump(settings, new QuotingRepresenter(settings)).dumpToString(plain(document));
  }

  private static Object plain(JsonNode node) {
    if (node instanceof ObjectNode object) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        map.put(field.getKey(), plainOrNull(field.getValue()));
      }
      return map;
    }
    if (node instanceof ArrayNode array) {
      List<Object> list = new ArrayList<>();
      array.forEach(item -> list.add(plainOrNull(item)));
      return list;
    }
    return scalar(node);
  }

  @SuppressWarnings("NullAway")
  private static Object plainOrNull(JsonNode node) {
    return node.isNull() ? Null.NULL : plain(node);
  }

  private static Object scalar(JsonNode node) {
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isIntegralNumber()) {
      return node.bigIntegerValue();
    }
    return node.isNumber() ? node.doubleValue() : node.asText();
  }

  /** Stands for null in collections that may hold none. */
  private enum Null {
    NULL
  }

  private static final class QuotingRepresenter extends StandardRepresenter {
    QuotingRepresenter(DumpSettings settings) {
      super(settings);
      representers.put(Null.class, _ -> new ScalarNode(Tag.NULL, "null", ScalarStyle.PLAIN));
      representers.put(String.class, this::text);
    }

    private Node text(Object value) {
      String text = (String) value;
      ScalarStyle style = ScalarStyle.PLAIN;
      if (text.contains("\n")) {
        style =
            text.strip().isEmpty() || text.startsWith(" ")
                ? ScalarStyle.DOUBLE_QUOTED
                : ScalarStyle.LITERAL;
      } else if (text.matches(AMBIGUOUS_IN_1_1)) {
        style = ScalarStyle.DOUBLE_QUOTED;
      }
      return new ScalarNode(Tag.STR, text, style);
    }
  }
}

package dev.weft.resources.decode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.AnchorNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML 1.2 text (core schema) into {@link Tree}s, one a document. Anchors, aliases and merge
 * keys ({@code <<}) are followed; tags of one's own, duplicate keys and keys that are no text are
 * refused.
 *
 * <p>Bounded against hostile text: size by {@link #MAX_CHARS}, what aliases unfold to by {@link
 * #MAX_NODES}, depth by {@link #MAX_DEPTH}.
 */
public final class YamlTrees {
  /** Longest text, in code points. */
  public static final int MAX_CHARS = 8 << 20;

  /** Most values in one text, aliases unfolded. */
  public static final int MAX_NODES = 1_000_000;

  /** Deepest nesting. */
  public static final int MAX_DEPTH = 200;

  private static final int MAX_ALIASES = 1_000;
  private static final String MERGE = "<<";

  private int nodes;

  private YamlTrees() {}

  /**
   * Reads all documents; those without content are left out.
   *
   * @param text the text
   * @throws DecodeException if any part of the text is not YAML as described
   */
  public static List<Tree> parse(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel("manifest")
            .setSchema(new CoreSchema())
            .setAllowDuplicateKeys(false)
            .setCodePointLimit(MAX_CHARS)
            .setMaxAliasesForCollections(MAX_ALIASES)
            .build();
    YamlTrees reader = new YamlTrees();
    List<Tree> documents = new ArrayList<>();
    try {
      for (Node document : new Compose(settings).composeAllFromString(text)) {
        Tree tree = reader.convert(document, 0);
        if (!(tree instanceof Tree.Scalar scalar) || scalar.type() != Tree.Type.NULL) {
          documents.add(tree);
        }
      }
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(-1) + 1;
      throw new DecodeException(line, "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new DecodeException(0, "not YAML: " + firstLine(e.getMessage()));
    } catch (StackOverflowError _) {
      throw new DecodeException(0, "not read: nested too deeply; fix: at most " + MAX_DEPTH);
    }
    return documents;
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse(message);
  }

  private Tree convert(Node node, int depth) {
    int line = line(node);
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
      throw new DecodeException(
          line,
          nodes > MAX_NODES
              ? "not read: more than " + MAX_NODES + " values, aliases unfolded"
              : "not read: nested more than " + MAX_DEPTH + " deep");
    }
    return switch (node) {
      case ScalarNode scalar -> scalar(scalar, line);
      case SequenceNode sequence -> {
        List<Tree> items = new ArrayList<>(sequence.getValue().size());
        for (Node item : sequence.getValue()) {
          items.add(convert(item, depth + 1));
        }
        yield new Tree.Sequence(items, line);
      }
      case MappingNode mapping -> mapping(mapping, line, depth);
      case AnchorNode anchor -> convert(anchor.getRealNode(), depth);
      default -> throw new DecodeException(line, "not read: unknown YAML construct");
    };
  }

  private Tree mapping(MappingNode mapping, int line, int depth) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    Map<String, Tree> merged = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw new DecodeException(line(entry.getKeyNode()), "not read: a key that is no text");
      }
      Tree value = convert(entry.getValueNode(), depth + 1);
      if (key.isPlain() && key.getValue().equals(MERGE)) {
        merge(value, merged);
      } else if (fields.put(key.getValue(), value) != null) {
        throw new DecodeException(line(key), "key '" + key.getValue() + "' is there twice");
      }
    }
    merged.forEach(fields::putIfAbsent);
    return new Tree.Mapping(fields, line);
  }

  private static void merge(Tree value, Map<String, Tree> into) {
    switch (value) {
      case Tree.Mapping mapping -> mapping.fields().forEach(into::putIfAbsent);
      case Tree.Sequence sequence -> sequence.items().forEach(item -> merge(item, into));
      case Tree.Scalar scalar ->
          throw new DecodeException(
              scalar.line(), "<<: found " + scalar.shown() + ", expected an object to merge");
    }
  }

  private static Tree scalar(ScalarNode node, int line) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.STR)) {
      return new Tree.Scalar(Tree.Type.STRING, text, line);
    }
    if (tag.equals(Tag.INT)) {
      return new Tree.Scalar(Tree.Type.INTEGER, decimal(text), line);
    }
    if (tag.equals(Tag.FLOAT)) {
      return new Tree.Scalar(Tree.Type.DECIMAL, text, line);
    }
    if (tag.equals(Tag.BOOL)) {
      return new Tree.Scalar(Tree.Type.BOOLEAN, text.toLowerCase(Locale.ROOT), line);
    }
    if (tag.equals(Tag.NULL)) {
      return new Tree.Scalar(Tree.Type.NULL, "", line);
    }
    throw new DecodeException(line, "tag '" + tag + "' is not supported; fix: leave it out");
  }

  /** Core-schema integers also come as {@code 0o17} and {@code 0x1f}. */
  private static String decimal(String text) {
    try {
      if (text.startsWith("0x")) {
        return Long.toString(Long.parseLong(text.substring(2), 16));
      }
      return text.startsWith("0o") ? Long.toString(Long.parseLong(text.substring(2), 8)) : text;
    } catch (NumberFormatException _) {
      return text;
    }
  }

  private static int line(Node node) {
    Optional<Mark> mark = node.getStartMark();
    return mark.map(m -> m.getLine() + 1).orElse(0);
  }
}

package dev.weft.resources.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads JSON text (RFC 8259) into {@link Tree}s, by a streaming parser and without reflection. What
 * a text may hold at most is {@link YamlTrees#MAX_DEPTH} deep and {@link YamlTrees#MAX_CHARS} a
 * string; whoever reads from a connection bounds the whole.
 */
public final class JsonTrees {
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(YamlTrees.MAX_DEPTH)
                  .maxStringLength(YamlTrees.MAX_CHARS)
                  .build())
          .build();

  private JsonTrees() {}

  /**
   * Reads all values that stand one after another in a text; usually one.
   *
   * @throws DecodeException if the text is not JSON
   */
  public static List<Tree> parse(String text) {
    List<Tree> documents = new ArrayList<>();
    try (JsonParser parser = FACTORY.createParser(text)) {
      while (parser.nextToken() != null) {
        documents.add(read(parser));
      }
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new DecodeException(Math.max(0, line), "not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory does not fail to be read", e);
    }
    return documents;
  }

  /**
   * Reads a list as an API server sends it, one item at a time, so that no more than one is in
   * memory as a tree. Borrows the stream.
   *
   * @param onItem told of each member of {@code items}, in order
   * @return all other members of the list object, {@code metadata} among them
   * @throws DecodeException if the text is no list
   * @throws IOException if the stream fails
   */
  public static Tree.Mapping list(InputStream in, Consumer<Tree.Mapping> onItem)
      throws IOException {
    Map<String, Tree> others = new LinkedHashMap<>();
    try (JsonParser parser = FACTORY.createParser(in)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new DecodeException(0, "not a list: it begins with " + parser.currentToken());
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("items") && value == JsonToken.START_ARRAY) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            onItem.accept((Tree.Mapping) read(parser));
          }
        } else {
          others.put(name, read(parser));
        }
      }
    } catch (JsonProcessingException e) {
      throw new DecodeException(0, "not JSON: " + e.getOriginalMessage());
    }
    return new Tree.Mapping(others, 0);
  }

  private static Tree read(JsonParser parser) throws IOException {
    int line = parser.currentTokenLocation().getLineNr();
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Tree> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          fields.put(name, read(parser));
        }
        yield new Tree.Mapping(fields, line);
      }
      case START_ARRAY -> {
        List<Tree> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(read(parser));
        }
        yield new Tree.Sequence(items, line);
      }
      case VALUE_STRING -> new Tree.Scalar(Tree.Type.STRING, parser.getText(), line);
      case VALUE_NUMBER_INT -> new Tree.Scalar(Tree.Type.INTEGER, parser.getText(), line);
      case VALUE_NUMBER_FLOAT -> new Tree.Scalar(Tree.Type.DECIMAL, parser.getText(), line);
      case VALUE_TRUE -> new Tree.Scalar(Tree.Type.BOOLEAN, "true", line);
      case VALUE_FALSE -> new Tree.Scalar(Tree.Type.BOOLEAN, "false", line);
      case VALUE_NULL -> new Tree.Scalar(Tree.Type.NULL, "", line);
      case null, default -> throw new DecodeException(line, "not JSON: unexpected end of the text");
    };
  }
}

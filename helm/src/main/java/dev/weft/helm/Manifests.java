package dev.weft.helm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Helm's output, document by document. */
final class Manifests {
  private static final Pattern SEPARATOR = Pattern.compile("(?m)^---[ \\t]*\\n");
  private static final String SOURCE = "# Source: ";

  private Manifests() {}

  static List<Manifest> parse(String rendered) {
    List<Manifest> manifests = new ArrayList<>();
    Load load = new Load(LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build());
    for (String document : SEPARATOR.split(rendered)) {
      String source = source(document);
      String yaml = body(document);
      if (load.loadFromString(yaml) instanceof Map<?, ?> object) {
        manifests.add(manifest(source, object, yaml));
      }
    }
    return List.copyOf(manifests);
  }

  private static Manifest manifest(String source, Map<?, ?> object, String yaml) {
    Map<?, ?> metadata = object.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
    return new Manifest(
        source,
        text(object.get("apiVersion")),
        text(object.get("kind")),
        text(metadata.get("name")),
        text(metadata.get("namespace")),
        yaml);
  }

  private static String text(Object value) {
    return value == null ? "" : value.toString();
  }

  private static String source(String document) {
    return document
        .lines()
        .filter(line -> line.startsWith(SOURCE))
        .map(line -> line.substring(SOURCE.length()))
        .findFirst()
        .orElse("");
  }

  private static String body(String document) {
    return document.startsWith(SOURCE)
        ? document.substring(document.indexOf('\n') + 1).strip() + "\n"
        : document.strip() + "\n";
  }
}

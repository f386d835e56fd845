package dev.weft.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One input of the golden tests: a document of {@code src/test/resources/golden/*.yaml}. Every part
 * may be left out; {@code values}, {@code namespace} and {@code pod} are merged over those of
 * {@code base/defaults.yaml} by the rules of a JSON merge patch (RFC 7396), so that a case shows
 * only what is special about it.
 */
record GoldenCase(
    String name,
    String against,
    boolean asked,
    ObjectNode values,
    NamespaceFacts namespace,
    Optional<Owner> owner,
    ObjectNode object) {
  static final Path FOLDER = Path.of("src/test/resources/golden");

  /** All cases of a file, in order. */
  static List<GoldenCase> of(Path file) {
    ObjectNode defaults = Yaml.object(read(FOLDER.resolve("base/defaults.yaml")));
    List<GoldenCase> cases = new ArrayList<>();
    for (JsonNode document : Yaml.documents(read(file))) {
      cases.add(of((ObjectNode) document, defaults.deepCopy()));
    }
    return cases;
  }

  private static GoldenCase of(ObjectNode document, ObjectNode defaults) {
    JsonNode namespace = merged(defaults.path("namespace"), document.path("namespace"));
    JsonNode object =
        document.has("service")
            ? document.path("service")
            : merged(defaults.path("pod"), document.path("pod"));
    String owner = document.path("owner").asText("Deployment/web");
    int slash = owner.indexOf('/');
    return new GoldenCase(
        document.path("case").asText(),
        document.path("against").asText("native"),
        document.path("asked").asBoolean(false),
        (ObjectNode) merged(defaults.path("values"), document.path("values")),
        new NamespaceFacts(
            namespace.path("name").asText(""), PodView.texts(namespace.path("annotations"))),
        slash < 0
            ? Optional.empty()
            : OwnerKind.of(owner.substring(0, slash))
                .map(kind -> new Owner(kind, owner.substring(slash + 1))),
        (ObjectNode) object);
  }

  static List<Path> files() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode merged(JsonNode under, JsonNode over) {
    if (over.isMissingNode()) {
      return under;
    }
    if (!(over instanceof ObjectNode overObject)) {
      return over;
    }
    ObjectNode merged =
        under instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    overObject
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isNull()) {
                merged.remove(field.getKey());
              } else {
                merged.set(field.getKey(), merged(merged.path(field.getKey()), field.getValue()));
              }
            });
    return merged;
  }

  Injector injector() {
    return new Injector(
        new Installation(
            Values.of(values), "linkerd", "-----ANCHORS-----\n", "linkerd/proxy-injector 0.1.0"));
  }

  Outcome outcome() {
    if (object.path("kind").asText("").equals("Service")) {
      return injector().annotate(object.deepCopy(), namespace);
    }
    return asked
        ? injector().injectAsAsked(object.deepCopy(), namespace, owner)
        : injector().inject(object.deepCopy(), namespace, owner);
  }

  /** The outcome for people: what, why, and each step of the patch with its value as YAML. */
  List<String> rendered() {
    Outcome outcome = outcome();
    List<String> lines = new ArrayList<>();
    switch (outcome) {
      case Outcome.Patched _ -> lines.add("patched");
      case Outcome.Skipped skipped ->
          skipped.reasons().forEach(reason -> lines.add("skipped: " + reason.key()));
      case Outcome.Refused refused -> lines.add("refused: " + refused.message());
    }
    outcome.warnings().forEach(warning -> lines.add("warning: " + warning));
    for (PatchOperation step : outcome.patch()) {
      if (step.value().isValueNode() || step.value().isEmpty()) {
        lines.add("add " + step.path() + " " + step.value());
      } else {
        lines.add("add " + step.path());
        env(step.value()).lines().forEach(line -> lines.add("    " + line));
      }
    }
    return lines;
  }

  /** A container's YAML, with a line for each of its variables. */
  private static String env(JsonNode value) {
    ObjectNode shown = value.deepCopy();
    ObjectNode variables = JsonNodeFactory.instance.objectNode();
    for (JsonNode variable : shown.path("env")) {
      variables.set(
          variable.path("name").asText(),
          variable.has("value") ? variable.path("value") : variable.path("valueFrom"));
    }
    if (!variables.isEmpty()) {
      shown.set("env", variables);
    }
    return Yaml.write(shown);
  }
}

package dev.weft.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.injection.Yaml;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A cluster in memory, which tests fill and break. */
public final class FakeCluster implements Cluster {
  private final List<ObjectNode> objects = new ArrayList<>();
  private final List<ObjectNode> dryRuns = new ArrayList<>();
  private final Map<String, String> metrics = new HashMap<>();
  private String gitVersion = "v1.35.4";
  private Predicate<JsonNode> allowed = _ -> true;
  private boolean dead;

  /** Adds objects, each a YAML text with any number of documents. */
  public FakeCluster with(String... yaml) {
    for (String text : yaml) {
      Yaml.documents(text).forEach(document -> objects.add((ObjectNode) document));
    }
    return this;
  }

  public FakeCluster version(String version) {
    gitVersion = version;
    return this;
  }

  /** Decides on access reviews, by their {@code resourceAttributes}. */
  public FakeCluster allow(Predicate<JsonNode> attributes) {
    allowed = attributes;
    return this;
  }

  /** From now on nothing is answered. */
  public FakeCluster die() {
    dead = true;
    return this;
  }

  /** The object, to be changed. */
  public ObjectNode object(String kind, String name) {
    return objects.stream()
        .filter(object -> is(object, kind, name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
  }

  public FakeCluster without(String kind, String name) {
    objects.remove(object(kind, name));
    return this;
  }

  public List<ObjectNode> objects() {
    return objects;
  }

  public List<ObjectNode> dryRuns() {
    return dryRuns;
  }

  private static boolean is(ObjectNode object, String kind, String name) {
    return object.path("kind").asText().equals(kind)
        && object.at("/metadata/name").asText().equals(name);
  }

  @Override
  public String defaultNamespace() {
    return "default";
  }

  @Override
  public JsonNode version() {
    requireAlive();
    return JsonNodeFactory.instance.objectNode().put("gitVersion", gitVersion);
  }

  @Override
  public Optional<KubeObject> get(ObjectKind kind, String namespace, String name) {
    return found(kind, namespace).filter(object -> object.name().equals(name)).findFirst();
  }

  @Override
  public List<KubeObject> list(ObjectKind kind, String namespace, String labelSelector) {
    return found(kind, namespace)
        .filter(object -> matches(object.labels(), labelSelector))
        .toList();
  }

  private Stream<KubeObject> found(ObjectKind kind, String namespace) {
    requireAlive();
    return objects.stream()
        .filter(object -> object.path("kind").asText().equals(kind.kind()))
        .filter(object -> group(object).equals(kind.group()))
        .map(object -> new KubeObject(object.deepCopy()))
        .filter(
            object ->
                !kind.namespaced() || namespace.isEmpty() || object.namespace().equals(namespace));
  }

  private static String group(ObjectNode object) {
    String apiVersion = object.path("apiVersion").asText("");
    return apiVersion.contains("/") ? apiVersion.split("/", 2)[0] : "";
  }

  private static boolean matches(Map<String, String> labels, String selector) {
    for (String term : selector.split(",")) {
      if (term.startsWith("!")) {
        if (labels.containsKey(term.substring(1))) {
          return false;
        }
      } else if (term.contains("=")) {
        String[] parts = term.split("=", 2);
        if (!parts[1].equals(labels.get(parts[0]))) {
          return false;
        }
      } else if (!term.isEmpty() && !labels.containsKey(term)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public KubeObject review(ObjectKind kind, JsonNode object) {
    requireAlive();
    ObjectNode answer = object.deepCopy();
    answer.putObject("status").put("allowed", allowed.test(object.at("/spec/resourceAttributes")));
    return new KubeObject(answer);
  }

  @Override
  public void dryRun(ObjectKind kind, JsonNode object) {
    requireAlive();
    String name = object.at("/metadata/name").asText();
    if (name.contains("forbidden")) {
      throw new ClusterException(403, name + " may not be created");
    }
    dryRuns.add((ObjectNode) object);
  }

  @Override
  public PodPort forward(String namespace, String pod, int port) {
    requireAlive();
    String page = metrics.get(pod);
    if (page == null) {
      throw new ClusterException(ClusterException.NO_ANSWER, "nothing listens in " + pod);
    }
    return FakePage.serve(page);
  }

  /** What a pod's metrics say, on whatever port. */
  public FakeCluster metrics(String pod, String page) {
    metrics.put(pod, page);
    return this;
  }

  private void requireAlive() {
    if (dead) {
      throw new ClusterException(ClusterException.NO_ANSWER, "connection refused");
    }
  }

  @Override
  public void close() {}
}

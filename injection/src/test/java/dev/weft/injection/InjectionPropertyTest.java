package dev.weft.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every pod and every installation. */
class InjectionPropertyTest {
  private static final NamespaceFacts ENABLED =
      new NamespaceFacts("shop", Map.of(Names.INJECT, Names.ENABLED));

  @Property(tries = 300)
  void patch_alwaysApplies(@ForAll("pods") ObjectNode pod, @ForAll("values") Values values) {
    ObjectNode injected = injected(pod, values);

    assertThat(names(injected, "initContainers", "containers")).contains(Names.PROXY_CONTAINER);
    assertThat(injected.at("/metadata/labels").has(Names.CONTROL_PLANE_NS)).isTrue();
  }

  @Property(tries = 300)
  void input_isNeverChanged(@ForAll("pods") ObjectNode pod, @ForAll("values") Values values) {
    ObjectNode before = pod.deepCopy();

    injected(pod, values);

    assertThat(pod).isEqualTo(before);
  }

  @Property(tries = 300)
  void uninjecting_givesBackThePod(
      @ForAll("pods") ObjectNode pod, @ForAll("values") Values values) {
    ObjectNode injected = injected(pod, values);

    assertThat(Uninjection.uninject(injected)).isTrue();

    // By the contract config.linkerd.io annotations stay, which includes one written by default.
    if (injected.at("/metadata/annotations") instanceof ObjectNode annotations
        && !pod.at("/metadata/annotations").has(Names.OPAQUE_PORTS)) {
      annotations.remove(Names.OPAQUE_PORTS);
    }
    assertThat(withoutEmpty(injected)).isEqualTo(withoutEmpty(pod));
  }

  @Property(tries = 200)
  void injectingTwice_changesNothingMore(
      @ForAll("pods") ObjectNode pod, @ForAll("values") Values values) {
    ObjectNode injected = injected(pod, values);

    Outcome again = injector(values).inject(injected, ENABLED, Optional.empty());

    assertThat(again).isInstanceOf(Outcome.Skipped.class);
    assertThat(((Outcome.Skipped) again).reasons()).containsExactly(SkipReason.SIDECAR_EXISTS);
    assertThat(again.patch()).isEmpty();
  }

  @Property(tries = 200)
  void injectingAfterUninjecting_givesTheSame(
      @ForAll("pods") ObjectNode pod, @ForAll("values") Values values) {
    ObjectNode once = injected(pod, values);
    ObjectNode twice = once.deepCopy();
    Uninjection.uninject(twice);

    assertThat(withoutEmpty(injected(twice, values))).isEqualTo(withoutEmpty(once));
  }

  @Property(tries = 200)
  void variables_areDefinedBeforeTheyAreUsed(
      @ForAll("pods") ObjectNode pod, @ForAll("values") Values values) {
    Set<String> defined = new HashSet<>();
    for (JsonNode container : proxyOf(injected(pod, values))) {
      for (JsonNode variable : container.path("env")) {
        String value = variable.path("value").asText("");
        java.util.regex.Matcher used =
            java.util.regex.Pattern.compile("\\$\\(([A-Za-z0-9_]+)\\)").matcher(value);
        while (used.find()) {
          assertThat(defined).contains(used.group(1));
        }
        defined.add(variable.path("name").asText());
      }
    }
    assertThat(defined).contains("LINKERD2_PROXY_IDENTITY_LOCAL_NAME");
  }

  @Property(tries = 200)
  void yaml_writtenAndRead_isTheSame(
      @ForAll("pods") ObjectNode pod, @ForAll("values") Values values) {
    ObjectNode injected = injected(pod, values);

    assertThat(Yaml.object(Yaml.write(injected))).isEqualTo(injected);
  }

  private static List<JsonNode> proxyOf(ObjectNode pod) {
    return new PodView(pod)
        .allContainers().stream()
            .filter(c -> c.path("name").asText().equals(Names.PROXY_CONTAINER))
            .toList();
  }

  private static Set<String> names(ObjectNode pod, String... lists) {
    Set<String> names = new HashSet<>();
    for (String list : lists) {
      pod.path("spec").path(list).forEach(item -> names.add(item.path("name").asText()));
    }
    return names;
  }

  private static ObjectNode withoutEmpty(ObjectNode pod) {
    ObjectNode cleaned = pod.deepCopy();
    for (String path : List.of("/metadata", "/spec")) {
      if (cleaned.at(path) instanceof ObjectNode object) {
        List<String> empty =
            object.properties().stream()
                .filter(f -> f.getValue().isContainerNode() && f.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        object.remove(empty);
      }
    }
    if (cleaned.path("metadata").isEmpty()) {
      cleaned.remove("metadata");
    }
    return cleaned;
  }

  private static Injector injector(Values values) {
    return new Injector(
        new Installation(values, "linkerd", "anchors\n", "linkerd/proxy-injector 1"));
  }

  private static ObjectNode injected(ObjectNode pod, Values values) {
    ObjectNode result = pod.deepCopy();
    Outcome outcome = injector(values).inject(pod, ENABLED, Optional.empty());
    assertThat(outcome).isInstanceOf(Outcome.Patched.class);
    JsonPatch.apply(result, outcome.patch());
    return result;
  }

  @Provide
  Arbitrary<Values> values() {
    Arbitrary<Boolean> flag = Arbitraries.of(true, false);
    return Combinators.combine(flag, flag, flag, flag, flag)
        .as(
            (isNative, await, cni, tracing, projection) ->
                Values.parse(
                    """
                    linkerdVersion: 1
                    cniEnabled: %s
                    identity: {serviceAccountTokenProjection: %s}
                    proxy:
                      nativeSidecar: %s
                      await: %s
                      tracing:
                        enabled: %s
                        collector: {endpoint: "a.b:1", meshIdentity: {serviceAccountName: a, namespace: b}}
                    """
                        .formatted(cni, projection, isNative, await, tracing)));
  }

  @Provide
  Arbitrary<ObjectNode> pods() {
    Arbitrary<Map<String, String>> annotations =
        Arbitraries.maps(
                Arbitraries.of(
                    "team",
                    "a/b~c",
                    "config.linkerd.io/opaque-ports",
                    "config.linkerd.io/proxy-log-level",
                    "config.linkerd.io/enable-debug-sidecar",
                    "config.linkerd.io/proxy-await"),
                Arbitraries.of("", "true", "false", "25,http", "enabled", "yes", "- x", "1: 2"))
            .ofMaxSize(4);
    return Combinators.combine(
            annotations.injectNull(0.2),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().list().ofMaxSize(3),
            Arbitraries.of(true, false))
        .as(InjectionPropertyTest::pod);
  }

  private static ObjectNode pod(
      Map<String, String> annotations,
      int containers,
      int initContainers,
      List<Integer> ports,
      boolean volumes) {
    ObjectNode pod = JsonNodeFactory.instance.objectNode().put("kind", "Pod");
    if (annotations != null) {
      ObjectNode written = pod.putObject("metadata").put("name", "web").putObject("annotations");
      annotations.forEach(written::put);
    }
    ObjectNode spec = pod.putObject("spec");
    for (int i = 0; i < initContainers; i++) {
      spec.withArray("initContainers").addObject().put("name", "init" + i).put("image", "i:1");
    }
    ArrayNode list = spec.putArray("containers");
    for (int i = 0; i < containers; i++) {
      ObjectNode container = list.addObject().put("name", "c" + i).put("image", "c:1");
      container
          .putArray("volumeMounts")
          .addObject()
          .put("name", "token")
          .put("mountPath", Names.SERVICE_ACCOUNT_PATH);
      ArrayNode declared = container.putArray("ports");
      ports.forEach(
          port ->
              declared
                  .addObject()
                  .put("name", "http")
                  .put("containerPort", Math.floorMod(port, 65535) + 1));
    }
    if (volumes) {
      spec.putArray("volumes").addObject().put("name", "data").putObject("emptyDir");
    }
    return pod;
  }
}

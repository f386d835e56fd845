package dev.weft.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who opts in, who opts out: every pair of annotations of namespace and pod. */
class TruthTableTest {
  @ParameterizedTest
  @CsvSource({
    "-,        -,        no",
    "-,        enabled,  yes",
    "-,        ingress,  yes",
    "-,        disabled, no",
    "enabled,  -,        yes",
    "enabled,  enabled,  yes",
    "enabled,  ingress,  yes",
    "enabled,  disabled, no",
    "ingress,  -,        yes",
    "ingress,  enabled,  yes",
    "ingress,  ingress,  yes",
    "ingress,  disabled, no",
    "disabled, -,        no",
    "disabled, enabled,  yes",
    "disabled, ingress,  yes",
    "disabled, disabled, no"
  })
  void pair_decides(String namespace, String pod, String injected) {
    ObjectNode object = Yaml.object("{kind: Pod, spec: {containers: [{name: a}]}}");
    annotations(pod)
        .forEach((key, value) -> object.withObject("/metadata/annotations").put(key, value));

    Outcome outcome =
        new Injector(new Installation(Values.parse(""), "linkerd", "a", "b"))
            .inject(object, new NamespaceFacts("n", annotations(namespace)), Optional.empty());

    assertThat(outcome instanceof Outcome.Patched).isEqualTo(injected.equals("yes"));
  }

  private static Map<String, String> annotations(String value) {
    return value.equals("-") ? Map.of() : Map.of(Names.INJECT, value);
  }
}

package dev.weft.cli.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.injection.Yaml;
import org.junit.jupiter.api.Test;

final class ValueTreeTest {
  @Test
  void merge_objectsAreMergedAndListsReplaced() {
    ObjectNode tree = Yaml.object("{a: {b: 1, c: [1, 2]}, d: x}");
    ValueTree.merge(tree, Yaml.object("{a: {c: [3], e: 4}, d: {f: 5}}"));

    assertThat(tree).isEqualTo(Yaml.object("{a: {b: 1, c: [3], e: 4}, d: {f: 5}}"));
  }

  @Test
  void merge_laterChangesOfTheResult_leaveTheSourceAlone() {
    ObjectNode over = Yaml.object("{a: {b: 1}}");
    ObjectNode tree = ValueTree.empty();
    ValueTree.merge(tree, over);
    ValueTree.put(tree, "a.b", "changed");

    assertThat(over).isEqualTo(Yaml.object("{a: {b: 1}}"));
  }

  @Test
  void difference_isWhatHasToBeSaidBesideTheDefaults() {
    ObjectNode defaults = Yaml.object("{a: {b: 1, c: 2}, d: [1], e: x}");

    assertThat(
            ValueTree.difference(
                Yaml.object("{a: {b: 1, c: 3}, d: [1, 2], e: x, f: null}"), defaults))
        .isEqualTo(Yaml.object("{a: {c: 3}, d: [1, 2], f: null}"));
  }

  @Test
  void difference_mergedOverTheDefaults_givesTheTreeBack() {
    ObjectNode defaults = Manifests.defaults();
    ObjectNode tree = defaults.deepCopy();
    SetExpression.apply(tree, "proxy.logLevel=debug,controllerReplicas=3,nodeSelector.zone=a");
    ObjectNode again = defaults.deepCopy();
    ValueTree.merge(again, ValueTree.difference(tree, defaults));

    assertThat(again).isEqualTo(tree);
  }
}

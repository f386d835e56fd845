package dev.weft.resources.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class TreesTest {
  @Test
  void yaml_scalars_haveTheTypesOfTheCoreSchema() {
    Tree.Mapping mapping =
        (Tree.Mapping)
            YamlTrees.parse("{a: 1, b: '1', c: true, d: yes, e: 1.5, f: ~, g: 0x10, h: 0o17}")
                .getFirst();
    assertThat(mapping.fields().values())
        .extracting(tree -> ((Tree.Scalar) tree).type() + " " + ((Tree.Scalar) tree).text())
        .containsExactly(
            "INTEGER 1",
            "STRING 1",
            "BOOLEAN true",
            "STRING yes",
            "DECIMAL 1.5",
            "NULL ",
            "INTEGER 16",
            "INTEGER 15");
  }

  @Test
  void yaml_mergeKey_isFollowedAndOverridden() {
    Tree.Mapping mapping =
        (Tree.Mapping) YamlTrees.parse("base: &b {x: 1, y: 2}\nuse: {<<: *b, y: 3}\n").getFirst();
    assertThat(((Tree.Mapping) mapping.fields().get("use")).fields().keySet())
        .containsExactly("y", "x");
    assertThat(((Tree.Mapping) mapping.fields().get("use")).fields().get("y").shown())
        .isEqualTo("3");
  }

  @Test
  void yaml_emptyDocuments_areLeftOut() {
    assertThat(YamlTrees.parse("---\n---\n# nothing\n---\na: 1\n---\n")).hasSize(1);
  }

  @Test
  void yaml_duplicateKey_isRefusedWithItsLine() {
    assertThatThrownBy(() -> YamlTrees.parse("a: 1\nb: 2\na: 3\n"))
        .isInstanceOfSatisfying(DecodeException.class, e -> assertThat(e.line()).isEqualTo(3));
  }

  @Test
  void yaml_cutInTheMiddle_isRefusedWithItsLine() {
    assertThatThrownBy(() -> YamlTrees.parse("a:\n  b: [1, 2\n"))
        .isInstanceOfSatisfying(DecodeException.class, e -> assertThat(e.line()).isBetween(2, 3));
  }

  @Test
  void yaml_aliasBomb_isRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append("*a%d,".formatted(i - 1).repeat(9)).append("*a%d]\n".formatted(i - 1));
    }
    assertThatThrownBy(() -> YamlTrees.parse(bomb.toString()))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("more than");
  }

  @Test
  void yaml_deepNesting_isRefused() {
    assertThatThrownBy(() -> YamlTrees.parse("[".repeat(100_000)))
        .isInstanceOf(DecodeException.class);
    assertThatThrownBy(() -> YamlTrees.parse("[".repeat(300) + "]".repeat(300)))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("deep");
  }

  @Test
  void json_withTabs_isReadWithLines() {
    Tree.Mapping mapping =
        (Tree.Mapping) JsonTrees.parse("{\n\t\"a\": [1, true, null, \"x\", 1.5]\n}").getFirst();
    assertThat(mapping.fields().get("a").line()).isEqualTo(2);
    assertThat(((Tree.Sequence) mapping.fields().get("a")).items()).hasSize(5);
  }

  @Test
  void json_cutInTheMiddle_isRefused() {
    for (String text : List.of("{", "{\"a\"", "{\"a\":", "[1,", "{\"a\":1", "nul")) {
      assertThatThrownBy(() -> JsonTrees.parse(text)).isInstanceOf(DecodeException.class);
    }
  }

  @Provide
  Arbitrary<String> nearlyManifests() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "- ",
            "\n",
            "  ",
            "&a ",
            "*a",
            "!x ",
            "\"",
            "'",
            "|",
            "apiVersion: v1",
            "kind: Service",
            "metadata: {name: a}",
            "spec",
            "ports",
            "<<: ",
            "---",
            "1",
            "true",
            "\t",
            "\u0000",
            "\uD800")
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  @Property
  void anyText_isReadOrRefused(@ForAll("nearlyManifests") String text) {
    for (boolean json : new boolean[] {false, true}) {
      try {
        List<Tree> documents = json ? JsonTrees.parse(text) : YamlTrees.parse(text);
        documents.forEach(ResourceDecoder::manifest);
      } catch (DecodeException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }
}

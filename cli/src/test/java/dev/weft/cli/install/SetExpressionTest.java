package dev.weft.cli.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.injection.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SetExpressionTest {
  private static ObjectNode set(String before, String expression) {
    ObjectNode tree = Yaml.object(before);
    SetExpression.apply(tree, expression);
    return tree;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "a=1 | {a: 1}",
        "a.b=true,c=x | {a: {b: true}, c: x}",
        "a=null | {a: null}",
        "a={x,y,3} | {a: [x, y, 3]}",
        "a={},b=1 | {a: [], b: 1}",
        "a[0].b=1,a[1].b=2 | {a: [{b: 1}, {b: 2}]}",
        "a=x\\,y,b=z | {a: 'x,y', b: z}",
        "a\\.b=1 | {a.b: 1}",
        "a= | {a: ''}",
        "a=007 | {a: '007'}",
        "a=1.5 | {a: '1.5'}",
        "a=b=c | {a: b=c}"
      })
  void expression_isReadAsHelmDoes(String expression, String expected) {
    assertThat(set("{}", expression)).isEqualTo(Yaml.object(expected));
  }

  @Test
  void expression_leavesWhatIsBeside() {
    assertThat(set("{a: {b: 1, c: 2}}", "a.b=3")).isEqualTo(Yaml.object("{a: {b: 3, c: 2}}"));
  }

  @Test
  void texts_stayTexts() {
    ObjectNode tree = Yaml.object("{}");
    SetExpression.applyTexts(tree, "a=1,b=true");

    assertThat(tree).isEqualTo(Yaml.object("{a: '1', b: 'true'}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"a", "=1", "a[x]=1", "a[999999999]=1", "a={x", "a,b=1"})
  void expression_thatCannotBeRead_isRefused(String expression) {
    assertThatThrownBy(() -> set("{}", expression))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expression);
  }
}

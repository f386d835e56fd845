package dev.weft.cli.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.CliException;
import dev.weft.cli.kube.GatewayApi;
import dev.weft.cli.kube.GatewayApi.Owner;
import dev.weft.injection.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GatewayDecisionTest {
  private static boolean decide(String values, Owner owner, boolean v1) {
    ObjectNode tree = Yaml.object(values);
    GatewayDecision.make(tree, new GatewayApi(owner, v1));
    return tree.path("installGatewayAPI").booleanValue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | NOBODY | false | false",
        "{installGatewayAPI: true} | NOBODY | false | true",
        "{} | MESH | true | true",
        "{} | OTHERS | true | false",
        "{installGatewayAPI: true, enableHttpRoutes: false} | OTHERS | true | false",
        "{enableHttpRoutes: true} | NOBODY | false | true"
      })
  void decision_followsOwnerAndValues(String values, Owner owner, boolean v1, boolean expected) {
    assertThat(decide(values, owner, v1)).isEqualTo(expected);
  }

  @Test
  void definitionsOfOthers_areNotReplaced() {
    assertThatThrownBy(() -> decide("{installGatewayAPI: true}", Owner.OTHERS, true))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("somebody else");
  }

  @Test
  void definitionsOfOthers_thatAreTooOld_areRefused() {
    assertThatThrownBy(() -> decide("{}", Owner.OTHERS, false))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("v1");
  }

  @Test
  void definitionsOfTheMesh_areNotTakenAway() {
    assertThatThrownBy(() -> decide("{installGatewayAPI: false}", Owner.MESH, true))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("would be deleted");
  }
}

package dev.weft.cli.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.CliException;
import dev.weft.cli.kube.GatewayApi;

/**
 * Whether the definitions of the Gateway API are a part of the installation: never over those of
 * others, and not taken away once they came with the mesh.
 *
 * <p>Source: facts/cli-and-checks.md 1.3. Unlike there, their absence stops nothing.
 */
final class GatewayDecision {
  private static final String VALUE = "installGatewayAPI";
  private static final String OLDER_VALUE = "enableHttpRoutes";

  private GatewayDecision() {}

  /**
   * Decides, and says so in the values.
   *
   * @param values changed
   */
  static void make(ObjectNode values, GatewayApi found) {
    boolean asked = asked(values, found.owner() == GatewayApi.Owner.MESH);
    switch (found.owner()) {
      case NOBODY -> {}
      case MESH -> {
        if (!asked) {
          throw refused(
              "they came with the mesh; without them its routes would be deleted",
              "leave value " + VALUE + " alone, or delete the definitions yourself first");
        }
      }
      case OTHERS -> {
        if (asked) {
          throw refused("somebody else installed them", "set value " + VALUE + " to false");
        }
        if (!found.servesV1()) {
          throw refused(
              "they do not serve version v1",
              "install version 1.1 or newer of the Gateway API's standard bundle");
        }
      }
    }
    values.set(VALUE, JsonNodeFactory.instance.booleanNode(asked));
  }

  private static boolean asked(ObjectNode values, boolean otherwise) {
    for (String name : new String[] {OLDER_VALUE, VALUE}) {
      JsonNode value = values.path(name);
      if (value.isBoolean()) {
        return value.booleanValue();
      }
    }
    return otherwise;
  }

  private static CliException refused(String cause, String fix) {
    return new CliException("the definitions of the Gateway API stay as they are", cause, fix);
  }
}

package dev.weft.cli.install;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.CliException;
import dev.weft.cli.CliVersion;
import dev.weft.helm.Chart;
import dev.weft.helm.ChartException;
import dev.weft.helm.Charts;
import dev.weft.helm.Manifest;
import dev.weft.helm.Rendering;
import dev.weft.injection.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Objects rendered from the charts for {@code kubectl apply}, one YAML text each. Equal input gives
 * equal bytes.
 */
final class Manifests {
  /** Secret, and its key, of the values that an installation has beside the defaults. */
  static final String OVERRIDES = "linkerd-config-overrides";

  private Manifests() {}

  /** The custom resource definitions. */
  static List<String> definitions(String namespace, ObjectNode overrides, String kubeVersion) {
    ObjectNode rendered = overrides.deepCopy();
    rendered.put("cliVersion", CliVersion.current());
    // What others installed was looked for in the cluster before; see GatewayDecision.
    rendered.put("ignoreCluster", true);
    return render(Chart.CRDS, namespace, rendered, kubeVersion);
  }

  /**
   * The control plane, and last the Secret from which an upgrade starts.
   *
   * @param overrides values beside the defaults; what equals a default is left out of the Secret
   */
  static List<String> controlPlane(String namespace, ObjectNode overrides, String kubeVersion) {
    ObjectNode stored = ValueTree.difference(overrides, defaults());
    ObjectNode rendered = stored.deepCopy();
    rendered.put("cliVersion", CliVersion.current());
    List<String> objects =
        new ArrayList<>(render(Chart.CONTROL_PLANE, namespace, rendered, kubeVersion));
    objects.add(Yaml.write(secret(namespace, stored)));
    return objects;
  }

  /** The defaults of the control plane's chart. */
  static ObjectNode defaults() {
    return Yaml.object(Charts.defaults(Chart.CONTROL_PLANE));
  }

  private static List<String> render(
      Chart chart, String namespace, ObjectNode values, String kubeVersion) {
    Rendering rendering =
        new Rendering(
            namespace, List.of(Yaml.write(values)), Rendering.of(namespace).sets(), kubeVersion);
    try {
      return Charts.render(chart, rendering).stream().map(Manifest::yaml).toList();
    } catch (ChartException e) {
      throw new CliException(
          "manifests cannot be rendered",
          String.valueOf(e.getMessage()),
          "mend the value it names; `helm show values` of chart "
              + chart.chartName()
              + " lists all");
    }
  }

  private static ObjectNode secret(String namespace, ObjectNode stored) {
    ObjectNode secret = JsonNodeFactory.instance.objectNode();
    secret.put("apiVersion", "v1").put("kind", "Secret");
    ObjectNode metadata = secret.putObject("metadata");
    metadata.put("name", OVERRIDES).put("namespace", namespace);
    metadata.putObject("labels").put("linkerd.io/control-plane-ns", namespace);
    metadata
        .putObject("annotations")
        .put("linkerd.io/created-by", "linkerd/cli " + CliVersion.current());
    String yaml = stored.isEmpty() ? "{}\n" : Yaml.write(stored);
    secret
        .putObject("data")
        .put(OVERRIDES, Base64.getEncoder().encodeToString(yaml.getBytes(StandardCharsets.UTF_8)));
    return secret;
  }
}

package dev.weft.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The embedded charts: their defaults, and their rendering by Helm's own engine, so that what the
 * command line prints is what {@code helm install} would send. Equal input gives equal bytes.
 *
 * <p>Thread-safe; each rendering unpacks the chart to a folder of its own below {@code
 * java.io.tmpdir} and removes it. Nothing here talks to a cluster: which definitions of the Gateway
 * API may be installed is for the caller to find out.
 */
public final class Charts {
  private static final String FAILED = "Rendering chart %s failed; cause: %s";

  private Charts() {}

  /** The chart's {@code values.yaml}: every value with its default, commented. */
  public static String defaults(Chart chart) {
    return text(chart, "values.yaml");
  }

  /** Values for a highly available control plane, to be laid over the defaults. */
  public static String highAvailability() {
    return text(Chart.CONTROL_PLANE, "values-ha.yaml");
  }

  /**
   * Renders a chart to its objects, in the order in which they should be applied.
   *
   * @throws ChartException if the chart refuses the values
   */
  public static List<Manifest> render(Chart chart, Rendering rendering) {
    try (UnpackedChart unpacked = UnpackedChart.of(chart)) {
      return Manifests.parse(template(chart, unpacked, rendering));
    } catch (IOException e) {
      throw new UncheckedIOException("Chart " + chart.chartName() + " cannot be unpacked", e);
    }
  }

  private static String template(Chart chart, UnpackedChart unpacked, Rendering rendering)
      throws IOException {
    TemplateCommand command =
        new Helm(unpacked.directory())
            .template()
            .withName(chart.chartName())
            .withNamespace(rendering.namespace())
            .withKubeVersion(rendering.kubeVersion());

    int number = 0;
    for (String values : rendering.values()) {
      Path file = unpacked.scratch().resolve("values-" + number++ + ".yaml");
      command.withValuesFile(Files.writeString(file, values));
    }
    rendering.sets().forEach(command::set);
    if (chart == Chart.CRDS) {
      // Helm would look for existing definitions in whatever cluster the environment names.
      command.set("ignoreCluster", true);
    }
    try {
      return command.call();
    } catch (IllegalStateException e) {
      throw new ChartException(
          FAILED.formatted(chart.chartName(), HelmMessage.readable(String.valueOf(e.getMessage()))),
          e);
    }
  }

  private static String text(Chart chart, String file) {
    try {
      byte[] content = ChartArchive.files(chart).get(file);
      if (content == null) {
        throw new IllegalStateException(
            "chart %s of the class path has no %s".formatted(chart.chartName(), file));
      }
      return new String(content, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Chart " + chart.chartName() + " cannot be read", e);
    }
  }
}

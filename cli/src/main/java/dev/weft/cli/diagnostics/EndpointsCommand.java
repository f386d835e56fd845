package dev.weft.cli.diagnostics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.weft.cli.JsonText;
import dev.weft.cli.KubeOptions;
import dev.weft.cli.TextTable;
import dev.weft.cli.kube.Cluster;
import io.grpc.ManagedChannel;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows where an authority leads. */
@Command(
    name = "endpoints",
    aliases = "ep",
    description = "Shows the endpoints which the control plane gives for authorities.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 1,
    footer = {"", "Example:", "  weft diagnostics endpoints web.app.svc.cluster.local:80 -o json"})
final class EndpointsCommand implements Callable<Integer> {
  private enum Format {
    TABLE,
    JSON
  }

  @Parameters(arity = "1..*", paramLabel = "AUTHORITY", description = "Names with a port.")
  private List<String> authorities = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table or json. Default: table.")
  private Format format = Format.TABLE;

  @Mixin private ApiOptions api = new ApiOptions();

  @Mixin(name = KubeOptions.MIXIN)
  private KubeOptions kube = new KubeOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (Cluster cluster = kube.access().open()) {
      return Asking.ask(kube, cluster, ControlPlaneChannel.Part.DESTINATION, api.pod(), this::show);
    }
  }

  private int show(ManagedChannel channel) {
    List<Endpoint> all = new ArrayList<>();
    for (String authority : authorities) {
      all.addAll(EndpointCollector.collect(channel, authority, api.token("")));
    }
    all.sort(
        Comparator.comparing(Endpoint::namespace)
            .thenComparing(Endpoint::service)
            .thenComparing(Endpoint::pod)
            .thenComparing(Endpoint::ip)
            .thenComparing(Endpoint::port));
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.JSON) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      all.forEach(endpoint -> list.add(endpoint.json()));
      out.println(JsonText.pretty(list));
    } else if (all.isEmpty()) {
      spec.commandLine().getErr().println("No endpoints found.");
    } else {
      tables(out, all);
    }
    out.flush();
    return 0;
  }

  private static void tables(PrintWriter out, List<Endpoint> all) {
    Map<String, List<Endpoint>> byNamespace =
        all.stream()
            .collect(Collectors.groupingBy(Endpoint::namespace, TreeMap::new, Collectors.toList()));
    boolean first = true;
    for (List<Endpoint> endpoints : byNamespace.values()) {
      TextTable table = new TextTable("NAMESPACE", "IP", "PORT", "POD", "SERVICE");
      endpoints.forEach(
          e -> table.row(e.namespace(), e.ip(), String.valueOf(e.port()), e.pod(), e.service()));
      out.print((first ? "" : "\n") + table.render());
      first = false;
    }
  }
}

package dev.weft.cli.diagnostics;

import com.google.protobuf.MessageOrBuilder;
import dev.weft.api.inbound.InboundServerPoliciesGrpc;
import dev.weft.api.inbound.PortSpec;
import dev.weft.api.outbound.OutboundPoliciesGrpc;
import dev.weft.api.outbound.TrafficSpec;
import dev.weft.cli.CliException;
import dev.weft.cli.KubeOptions;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.ObjectKind;
import dev.weft.cli.kube.ResourceArgument;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the policy of a port. */
@Command(
    name = "policy",
    description = {
      "Shows the policy of a port, as proxies get it.",
      "For a port of a pod the inbound one, for a port of a Service the outbound one. A workload stands for one of its pods."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 1,
    footer = {
      "",
      "Examples:",
      "  weft diagnostics policy -n app po/web-6d4cf56db6-x8w2l 8080",
      "  weft diagnostics policy -n app svc/web 80 -o json"
    })
final class PolicyCommand implements Callable<Integer> {
  private static final int LIMIT_SECONDS = 30;

  private enum Format {
    YAML,
    JSON
  }

  @Parameters(index = "0", paramLabel = "TYPE/NAME", description = "A pod, workload or Service.")
  private String resource = "";

  @Parameters(index = "1", paramLabel = "PORT", description = "The number of the port.")
  private int port;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Default: ${DEFAULT-VALUE}.",
      defaultValue = "default")
  private String namespace = "default";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "yaml or json. Default: yaml.")
  private Format format = Format.YAML;

  @Mixin private ApiOptions api = new ApiOptions();

  @Mixin(name = KubeOptions.MIXIN)
  private KubeOptions kube = new KubeOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ResourceArgument argument;
    try {
      argument = ResourceArgument.parse(List.of(resource));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    try (Cluster cluster = kube.access().open()) {
      return Asking.ask(
          kube,
          cluster,
          ControlPlaneChannel.Part.POLICY,
          api.pod(),
          channel -> {
            MessageOrBuilder answer =
                argument.kind().equals(ObjectKind.SERVICE)
                    ? outbound(channel, argument.name())
                    : inbound(channel, pod(cluster, argument));
            spec.commandLine()
                .getOut()
                .print(
                    format == Format.JSON ? WireText.json(answer) + "\n" : WireText.yaml(answer));
            spec.commandLine().getOut().flush();
            return 0;
          });
    }
  }

  private String pod(Cluster cluster, ResourceArgument argument) {
    if (argument.kind().equals(ObjectKind.POD)) {
      return argument.name();
    }
    return argument.pods(cluster, namespace).stream()
        .map(KubeObject::name)
        .findFirst()
        .orElseThrow(
            () ->
                new CliException(
                    "no policy can be asked for", resource + " has no pod", "name a pod"));
  }

  private MessageOrBuilder inbound(ManagedChannel channel, String pod) {
    return InboundServerPoliciesGrpc.newBlockingStub(channel)
        .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS)
        .getPort(PortSpec.newBuilder().setWorkload(namespace + ":" + pod).setPort(port).build());
  }

  private MessageOrBuilder outbound(ManagedChannel channel, String service) {
    return OutboundPoliciesGrpc.newBlockingStub(channel)
        .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS)
        .get(
            TrafficSpec.newBuilder()
                .setSourceWorkload(api.token("default:diagnostics"))
                .setAuthority("%s.%s.svc:%d".formatted(service, namespace, port))
                .build());
  }
}

package dev.weft.cli.diagnostics;

import dev.weft.api.destination.DestinationGrpc;
import dev.weft.api.destination.DestinationProfile;
import dev.weft.api.destination.GetDestination;
import dev.weft.cli.KubeOptions;
import dev.weft.cli.kube.Cluster;
import io.grpc.ManagedChannel;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the profile of an address. */
@Command(
    name = "profile",
    description = "Shows the profile which the control plane gives for an address, as JSON.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 1,
    footer = {"", "Example:", "  weft diagnostics profile web.app.svc.cluster.local:80"})
final class ProfileCommand implements Callable<Integer> {
  private static final int LIMIT_SECONDS = 30;

  @Parameters(paramLabel = "ADDRESS", description = "A name or an IP address, with a port.")
  private String address = "";

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
    Iterator<DestinationProfile> profiles =
        DestinationGrpc.newBlockingStub(channel)
            .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS)
            .getProfile(
                GetDestination.newBuilder()
                    .setPath(address)
                    .setContextToken(api.token(""))
                    .build());
    spec.commandLine().getOut().println(WireText.json(profiles.next()));
    return 0;
  }
}

package dev.weft.cli.install;

import dev.weft.cli.CliException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Reserved for the CNI plugin. */
@Command(
    name = "install-cni",
    description = {
      "Reserved for a CNI plugin, which Weft has not yet.",
      "Pods redirect their traffic by an init container, which needs the capability NET_ADMIN."
    },
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = 1,
    footer = {"", "Example:", "  weft install-cni"})
public final class InstallCniCommand implements Callable<Integer> {
  @Unmatched private List<String> ignored = new ArrayList<>();

  @Override
  public Integer call() {
    throw new CliException(
        "the CNI plugin cannot be installed",
        "Weft has none yet",
        "use the init container (the default), and allow it NET_ADMIN and NET_RAW; or use another redirection and set cniEnabled");
  }
}

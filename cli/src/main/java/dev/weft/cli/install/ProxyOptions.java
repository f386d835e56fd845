package dev.weft.cli.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.CliException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options that change how proxies are configured, each of which stands for a Helm value. */
public final class ProxyOptions {
  @ArgGroup(exclusive = false, heading = "%nProxies:%n", order = 80)
  private Given given = new Given();

  private static final class Given {
    @Option(names = "--proxy-image", paramLabel = "IMAGE", description = "Image of the proxy.")
    private @Nullable String image;

    @Option(
        names = {"-v", "--proxy-version"},
        paramLabel = "TAG",
        description = "Tag of the proxy's image.")
    private @Nullable String version;

    @Option(
        names = "--image-pull-policy",
        paramLabel = "POLICY",
        description = "Always, IfNotPresent or Never.")
    private @Nullable String pullPolicy;

    @Option(
        names = "--registry",
        paramLabel = "REGISTRY",
        description = {
          "Registry and path of the images.",
          "Default: $$LINKERD_DOCKER_REGISTRY, else the chart's."
        })
    private @Nullable String registry;

    @Option(names = "--inbound-port", paramLabel = "PORT", description = "Default: 4143.")
    private @Nullable Integer inboundPort;

    @Option(names = "--outbound-port", paramLabel = "PORT", description = "Default: 4140.")
    private @Nullable Integer outboundPort;

    @Option(names = "--control-port", paramLabel = "PORT", description = "Default: 4190.")
    private @Nullable Integer controlPort;

    @Option(names = "--admin-port", paramLabel = "PORT", description = "Default: 4191.")
    private @Nullable Integer adminPort;

    @Option(
        names = "--skip-inbound-ports",
        paramLabel = "PORTS",
        description = "Ports and ranges that bypass the proxy on their way in: 25,8000-8010.")
    private @Nullable String skipInbound;

    @Option(
        names = "--skip-outbound-ports",
        paramLabel = "PORTS",
        description = "Ports and ranges that bypass the proxy on their way out.")
    private @Nullable String skipOutbound;

    @Option(names = "--proxy-uid", paramLabel = "UID", description = "Default: 2102.")
    private @Nullable Integer uid;

    @Option(names = "--proxy-gid", paramLabel = "GID", description = "Default: the image's.")
    private @Nullable Integer gid;

    @Option(names = "--proxy-log-level", paramLabel = "FILTER", description = "Log filter.")
    private @Nullable String logLevel;

    @Option(
        names = {"--proxy-cpu-request", "--proxy-cpu"},
        paramLabel = "AMOUNT",
        description = "CPU the proxy asks for; also its least number of workers, rounded up.")
    private @Nullable String cpuRequest;

    @Option(
        names = "--proxy-cpu-limit",
        paramLabel = "AMOUNT",
        description = "CPU the proxy may use; also its greatest number of workers, rounded up.")
    private @Nullable String cpuLimit;

    @Option(
        names = {"--proxy-memory-request", "--proxy-memory"},
        paramLabel = "AMOUNT",
        description = "Memory the proxy asks for.")
    private @Nullable String memoryRequest;

    @Option(
        names = "--proxy-memory-limit",
        paramLabel = "AMOUNT",
        description = "Memory the proxy may use.")
    private @Nullable String memoryLimit;

    @Option(
        names = "--enable-external-profiles",
        description = "Look up names outside of the cluster too.")
    private boolean externalProfiles;

    @Option(
        names = "--default-inbound-policy",
        paramLabel = "POLICY",
        description = {
          "Who may connect where nothing else is said: all-unauthenticated,",
          "all-authenticated, cluster-unauthenticated, cluster-authenticated, deny or audit."
        })
    private @Nullable String defaultInboundPolicy;
  }

  /** The registry to take images from, if it is not that of the chart; no slash at its end. */
  private @Nullable String registry() {
    String environment = System.getenv("LINKERD_DOCKER_REGISTRY");
    String registry = environment == null || environment.isEmpty() ? given.registry : environment;
    return registry == null ? null : registry.replaceAll("/+$", "");
  }

  /** Sets the values that were given. */
  public void applyTo(ObjectNode values) {
    String registry = registry();
    if (registry != null) {
      ValueTree.putIfGiven(values, "imageRegistry", registry);
      ValueTree.putIfGiven(values, "proxy.image.name", registry + "/proxy");
    }
    ValueTree.putIfGiven(values, "proxy.image.name", given.image);
    ValueTree.putIfGiven(values, "proxy.image.version", given.version);
    ValueTree.putIfGiven(values, "proxy.image.pullPolicy", given.pullPolicy);
    ValueTree.putIfGiven(values, "proxy.ports.inbound", given.inboundPort);
    ValueTree.putIfGiven(values, "proxy.ports.outbound", given.outboundPort);
    ValueTree.putIfGiven(values, "proxy.ports.control", given.controlPort);
    ValueTree.putIfGiven(values, "proxy.ports.admin", given.adminPort);
    ValueTree.putIfGiven(
        values, "proxyInit.ignoreInboundPorts", ports("--skip-inbound-ports", given.skipInbound));
    ValueTree.putIfGiven(
        values,
        "proxyInit.ignoreOutboundPorts",
        ports("--skip-outbound-ports", given.skipOutbound));
    ValueTree.putIfGiven(values, "proxy.uid", given.uid);
    ValueTree.putIfGiven(values, "proxy.gid", given.gid);
    ValueTree.putIfGiven(values, "proxy.logLevel", given.logLevel);
    ValueTree.putIfGiven(values, "proxy.resources.cpu.request", given.cpuRequest);
    ValueTree.putIfGiven(
        values, "proxy.runtime.workers.minimum", cores("--proxy-cpu-request", given.cpuRequest));
    ValueTree.putIfGiven(values, "proxy.resources.cpu.limit", given.cpuLimit);
    ValueTree.putIfGiven(
        values, "proxy.runtime.workers.maximum", cores("--proxy-cpu-limit", given.cpuLimit));
    ValueTree.putIfGiven(values, "proxy.resources.memory.request", given.memoryRequest);
    ValueTree.putIfGiven(values, "proxy.resources.memory.limit", given.memoryLimit);
    ValueTree.putIfGiven(
        values, "proxy.enableExternalProfiles", given.externalProfiles ? Boolean.TRUE : null);
    ValueTree.putIfGiven(values, "proxy.defaultInboundPolicy", given.defaultInboundPolicy);
  }

  /** The policy for pulling all images, if one was given. */
  @Nullable String pullPolicy() {
    return given.pullPolicy;
  }

  private static @Nullable String ports(String option, @Nullable String text) {
    if (text == null) {
      return null;
    }
    for (String item : text.split(",", -1)) {
      String[] ends = item.strip().split("-", 2);
      try {
        int from = Integer.parseInt(ends[0]);
        int to = Integer.parseInt(ends[ends.length - 1]);
        if (from >= 0 && from <= to && to <= 65_535) {
          continue;
        }
      } catch (NumberFormatException _) {
        // Refused below.
      }
      throw new CliException(
          option + " " + text + " refused",
          "'" + item.strip() + "' is neither a port nor a range of ports",
          "write ports from 0 to 65535, and ranges as 8000-8010, separated by commas");
    }
    return text;
  }

  private static @Nullable Integer cores(String option, @Nullable String amount) {
    if (amount == null) {
      return null;
    }
    try {
      BigDecimal cores =
          amount.endsWith("m")
              ? new BigDecimal(amount.substring(0, amount.length() - 1)).movePointLeft(3)
              : new BigDecimal(amount);
      return Math.max(1, cores.setScale(0, RoundingMode.CEILING).intValueExact());
    } catch (ArithmeticException | NumberFormatException _) {
      throw new CliException(
          option + " " + amount + " refused",
          "it is no amount of CPU",
          "write cores like 0.5 or thousandths like 500m");
    }
  }
}

package dev.weft.cli;

import dev.weft.cli.kube.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Options of every command that looks at a cluster. They may stand before the command's name too:
 * what the command itself is not given is looked for above it.
 */
public final class KubeOptions {
  /** Name of this mixin in a command. */
  public static final String MIXIN = "kube";

  private static final String NAMESPACE = "linkerd";
  private static final String CNI_NAMESPACE = "linkerd-cni";

  @ArgGroup(exclusive = false, heading = "%nCluster:%n", order = 100)
  private Given given = new Given();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  private static final class Given {
    @Option(
        names = {"-L", "--linkerd-namespace"},
        paramLabel = "NAMESPACE",
        description = {
          "Namespace of the control plane.",
          "Default: $$LINKERD_NAMESPACE, else " + NAMESPACE + "."
        })
    private @Nullable String namespace;

    @Option(
        names = "--cni-namespace",
        paramLabel = "NAMESPACE",
        description = "Namespace of the CNI plugin. Default: " + CNI_NAMESPACE + ".")
    private @Nullable String cniNamespace;

    @Option(
        names = "--kubeconfig",
        paramLabel = "FILE",
        description = "Default: $$KUBECONFIG, else ~/.kube/config.")
    private @Nullable String kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", description = "Context of the kubeconfig.")
    private @Nullable String context;

    @Option(names = "--as", paramLabel = "USER", description = "Whom to impersonate.")
    private @Nullable String user;

    @Option(
        names = "--as-group",
        paramLabel = "GROUP",
        description = "Group to impersonate; may be repeated.")
    private @Nullable List<String> groups;

    @Option(
        names = "--api-addr",
        paramLabel = "HOST:PORT",
        description = "Ask the control plane there, rather than through the cluster.")
    private @Nullable String apiAddress;

    @Option(names = "--verbose", description = "Say more about what is done, on standard error.")
    private boolean verbose;
  }

  /** Namespace of the control plane, checked for its characters. */
  public String controlPlaneNamespace() {
    String environment = System.getenv("LINKERD_NAMESPACE");
    String fallback = environment == null || environment.isEmpty() ? NAMESPACE : environment;
    String name = first(values -> values.namespace).orElse(fallback);
    if (!name.matches("[a-zA-Z0-9-]+")) {
      throw new ParameterException(
          command.commandLine(),
          "--linkerd-namespace '" + name + "' refused; letters, digits and dashes are allowed");
    }
    return name;
  }

  public String cniNamespace() {
    return first(values -> values.cniNamespace).orElse(CNI_NAMESPACE);
  }

  /** How to reach the cluster. */
  public Access access() {
    return new Access(
        first(values -> values.kubeconfig).orElse(""),
        first(values -> values.context).orElse(""),
        first(values -> values.user).orElse(""),
        first(values -> values.groups).orElse(List.of()));
  }

  /** {@code host:port} of the control plane's API, if the user gave one. */
  public Optional<String> apiAddress() {
    return first(values -> values.apiAddress);
  }

  public boolean verbose() {
    return first(values -> values.verbose ? Boolean.TRUE : null).isPresent();
  }

  private <T> Optional<T> first(Function<Given, @Nullable T> option) {
    for (KubeOptions level : levels()) {
      T value = option.apply(level.given);
      if (value != null) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** These options, then those of the commands above. */
  private List<KubeOptions> levels() {
    List<KubeOptions> levels = new ArrayList<>();
    for (CommandSpec at = command; at != null; at = at.parent()) {
      CommandSpec mixin = at.mixins().get(MIXIN);
      if (mixin != null && mixin.userObject() instanceof KubeOptions options) {
        levels.add(options);
      }
    }
    return levels;
  }
}

package dev.weft.cli.identity;

import dev.weft.cli.KubeOptions;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.ClusterException;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.ObjectKind;
import dev.weft.cli.kube.PodPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the certificates of proxies. */
@Command(
    name = "identity",
    description = "Shows the certificates with which the proxies of pods present themselves.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 1,
    footer = {
      "",
      "Examples:",
      "  weft identity -n app web-6d4cf56db6-x8w2l",
      "  weft identity -n app -l app=web"
    })
public final class IdentityCommand implements Callable<Integer> {
  @Parameters(arity = "0..*", paramLabel = "POD", description = "Names of pods.")
  private List<String> names = List.of();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Namespace of the pods. Default: that of the context.")
  private String namespace = "";

  @Option(
      names = {"-l", "--selector"},
      paramLabel = "SELECTOR",
      description = "Labels of the pods.")
  private String selector = "";

  @Mixin(name = KubeOptions.MIXIN)
  private KubeOptions kube = new KubeOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (names.isEmpty() && selector.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "name pods, or give a selector with -l");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (Cluster cluster = kube.access().open()) {
      List<KubeObject> pods = pods(cluster);
      if (pods.isEmpty()) {
        err.println("No pod matches.");
      }
      for (int i = 0; i < pods.size(); i++) {
        KubeObject pod = pods.get(i);
        out.println("\nPOD %s (%d of %d)\n".formatted(pod.name(), i + 1, pods.size()));
        try {
          show(cluster, pod, out);
        } catch (ClusterException | IOException | GeneralSecurityException e) {
          err.println("pod %s: %s".formatted(pod.qualifiedName(), e.getMessage()));
          break;
        }
      }
    }
    return 0;
  }

  private List<KubeObject> pods(Cluster cluster) {
    String where = namespace.isEmpty() ? cluster.defaultNamespace() : namespace;
    if (names.isEmpty()) {
      return cluster.list(ObjectKind.POD, where, selector);
    }
    List<KubeObject> pods = new ArrayList<>();
    for (String name : names) {
      pods.add(
          cluster
              .get(ObjectKind.POD, where, name)
              .orElseThrow(
                  () ->
                      new ClusterException(
                          404, "pod %s is not in namespace %s".formatted(name, where))));
    }
    return pods;
  }

  private static void show(Cluster cluster, KubeObject pod, PrintWriter out)
      throws IOException, GeneralSecurityException {
    PodIdentity identity =
        PodIdentity.of(pod)
            .orElseThrow(() -> new IOException("it is not running, or has no proxy"));
    try (PodPort port = cluster.forward(pod.namespace(), pod.name(), identity.adminPort())) {
      for (X509Certificate certificate : PeerCertificates.of(port.address(), identity.name())) {
        out.print(CertificateText.of(certificate));
      }
    }
    out.flush();
  }
}

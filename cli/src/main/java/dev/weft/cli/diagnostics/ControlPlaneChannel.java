package dev.weft.cli.diagnostics;

import dev.weft.cli.CliException;
import dev.weft.cli.kube.Cluster;
import dev.weft.cli.kube.KubeObject;
import dev.weft.cli.kube.ObjectKind;
import dev.weft.cli.kube.PodPort;
import dev.weft.cli.kube.Pods;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC channel to a part of the control plane: through a forwarded port, or to an address the
 * user gave.
 */
final class ControlPlaneChannel implements AutoCloseable {
  /** Which part, by the label of its pods, and the port of its API. */
  enum Part {
    DESTINATION("destination", 8086),
    POLICY("policy", 8090);

    private final String component;
    private final int port;

    Part(String component, int port) {
      this.component = component;
      this.port = port;
    }
  }

  private final ManagedChannel channel;
  private final @Nullable PodPort forwarded;

  private ControlPlaneChannel(ManagedChannel channel, @Nullable PodPort forwarded) {
    this.channel = channel;
    this.forwarded = forwarded;
  }

  ManagedChannel channel() {
    return channel;
  }

  /** To {@code host:port}. */
  static ControlPlaneChannel direct(String address) {
    return new ControlPlaneChannel(
        NettyChannelBuilder.forTarget(address).usePlaintext().build(), null);
  }

  /**
   * Through the cluster.
   *
   * @param namespace of the control plane
   * @param podName the pod to ask, empty for any that is ready
   */
  static ControlPlaneChannel through(Cluster cluster, String namespace, Part part, String podName) {
    List<KubeObject> pods =
        podName.isEmpty()
            ? cluster.list(
                ObjectKind.POD, namespace, "linkerd.io/control-plane-component=" + part.component)
            : cluster.get(ObjectKind.POD, namespace, podName).stream().toList();
    Optional<KubeObject> ready =
        pods.stream().filter(pod -> !podName.isEmpty() || Pods.ready(pod)).findFirst();
    String name =
        ready
            .map(KubeObject::name)
            .orElseThrow(
                () ->
                    new CliException(
                        "the control plane cannot be asked",
                        "no pod of '%s' is ready in namespace %s"
                            .formatted(podName.isEmpty() ? part.component : podName, namespace),
                        "run `weft check`, or name the namespace with -L"));
    PodPort forwarded = cluster.forward(namespace, name, part.port);
    return new ControlPlaneChannel(
        NettyChannelBuilder.forAddress(forwarded.address()).usePlaintext().build(), forwarded);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    if (forwarded != null) {
      forwarded.close();
    }
  }
}

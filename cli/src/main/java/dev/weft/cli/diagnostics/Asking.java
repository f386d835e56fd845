package dev.weft.cli.diagnostics;

import dev.weft.cli.CliException;
import dev.weft.cli.KubeOptions;
import dev.weft.cli.kube.Cluster;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.util.Optional;

/** Asks a part of the control plane, and says what its errors mean. */
final class Asking {
  private Asking() {}

  /** One question. */
  @FunctionalInterface
  interface Question {
    int ask(ManagedChannel channel);
  }

  /**
   * @return what the question returned
   * @throws CliException if the control plane refused
   */
  static int ask(
      KubeOptions kube,
      Cluster cluster,
      ControlPlaneChannel.Part part,
      String pod,
      Question question) {
    Optional<String> address = kube.apiAddress();
    try (ControlPlaneChannel channel =
        address.isPresent()
            ? ControlPlaneChannel.direct(address.get())
            : ControlPlaneChannel.through(cluster, kube.controlPlaneNamespace(), part, pod)) {
      return question.ask(channel.channel());
    } catch (StatusRuntimeException e) {
      String description = e.getStatus().getDescription();
      throw new CliException(
          "the control plane refused",
          e.getStatus().getCode() + (description == null ? "" : ": " + description),
          "mend the argument; `weft check` says whether the control plane is well");
    }
  }
}

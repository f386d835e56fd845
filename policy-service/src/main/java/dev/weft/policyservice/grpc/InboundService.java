package dev.weft.policyservice.grpc;

import dev.weft.api.inbound.InboundServerPoliciesGrpc;
import dev.weft.api.inbound.PortSpec;
import dev.weft.api.inbound.Server;
import dev.weft.kit.watch.Published;
import dev.weft.kit.watch.WatchStreams;
import dev.weft.mesh.PortRange;
import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policyservice.index.Answer;
import dev.weft.policyservice.index.PolicyIndex;
import dev.weft.policyservice.index.WorkloadRef;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Who may use the ports of a workload. Source: facts/proxy-api.md 17.
 *
 * <p>Threads: those of the gRPC server; nothing blocks.
 */
public final class InboundService extends InboundServerPoliciesGrpc.InboundServerPoliciesImplBase {
  private final PolicyIndex index;
  private final WatchStreams streams;

  /** Serves this index; {@code streams} are those of {@code WatchPort}. */
  public InboundService(PolicyIndex index, WatchStreams streams) {
    this.index = index;
    this.streams = streams;
  }

  private record Request(PolicyIndex index, WorkloadRef workload, int port)
      implements Question<InboundPolicy, Server> {
    static Request of(PolicyIndex index, PortSpec spec) {
      int port = spec.getPort();
      if (port < 1 || port > PortRange.MAX_PORT) {
        throw new IllegalArgumentException(
            "port " + Integer.toUnsignedString(port) + " refused; fix: 1 to 65535");
      }
      return new Request(index, WorkloadToken.parse(spec.getWorkload()), port);
    }

    @Override
    public void ask(Consumer<Optional<Published<Answer<InboundPolicy, Server>>>> answer) {
      index.inbound(workload, port, answer);
    }

    @Override
    public Status notFound() {
      return Status.NOT_FOUND.withDescription(
          workload
              + " is not known; cause: it does not exist yet, or it is a pod without the label"
              + " linkerd.io/control-plane-ns");
    }
  }

  @Override
  public void getPort(PortSpec spec, StreamObserver<Server> call) {
    Answers.once(() -> Request.of(index, spec), call);
  }

  @Override
  public void watchPort(PortSpec spec, StreamObserver<Server> call) {
    Answers.watch(
        () -> Request.of(index, spec), streams.open((ServerCallStreamObserver<Server>) call));
  }
}

package dev.weft.policyservice.grpc;

import dev.weft.api.inbound.InboundServerPoliciesGrpc;
import dev.weft.api.inbound.PortSpec;
import dev.weft.api.inbound.Server;
import dev.weft.kit.watch.WatchStream;
import dev.weft.kit.watch.WatchStreams;
import dev.weft.mesh.PortRange;
import dev.weft.policyservice.index.PolicyIndex;
import dev.weft.policyservice.index.WorkloadRef;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.RejectedExecutionException;

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

  private record Request(WorkloadRef workload, int port) {
    static Request of(PortSpec spec) {
      int port = spec.getPort();
      if (port < 1 || port > PortRange.MAX_PORT) {
        throw new IllegalArgumentException(
            "port " + Integer.toUnsignedString(port) + " refused; fix: 1 to 65535");
      }
      return new Request(WorkloadToken.parse(spec.getWorkload()), port);
    }

    Status notFound() {
      return Status.NOT_FOUND.withDescription(
          workload
              + " is not known; cause: it does not exist yet, or it is a pod without the label"
              + " linkerd.io/control-plane-ns");
    }
  }

  @Override
  public void getPort(PortSpec spec, StreamObserver<Server> call) {
    try {
      Request request = Request.of(spec);
      index.inbound(
          request.workload(),
          request.port(),
          found -> Answers.once(found, request.notFound(), call));
    } catch (IllegalArgumentException e) {
      call.onError(Answers.invalid(e).asRuntimeException());
    } catch (RejectedExecutionException e) {
      call.onError(Answers.busy(e).asRuntimeException());
    }
  }

  @Override
  public void watchPort(PortSpec spec, StreamObserver<Server> call) {
    WatchStream<Server> stream = streams.open((ServerCallStreamObserver<Server>) call);
    try {
      Request request = Request.of(spec);
      index.inbound(
          request.workload(),
          request.port(),
          found ->
              found.ifPresentOrElse(
                  published -> stream.attach(published, Answers.cursor(stream)),
                  () -> stream.end(request.notFound())));
    } catch (IllegalArgumentException e) {
      stream.end(Answers.invalid(e));
    } catch (RejectedExecutionException e) {
      stream.end(Answers.busy(e));
    }
  }
}

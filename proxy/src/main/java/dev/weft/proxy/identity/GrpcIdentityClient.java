package dev.weft.proxy.identity;

import dev.weft.api.identity.CertifyRequest;
import dev.weft.api.identity.CertifyResponse;
import dev.weft.api.identity.IdentityGrpc;
import dev.weft.proxy.config.ServiceAddress;
import dev.weft.proxy.control.ControlChannels;
import dev.weft.proxy.control.ControlService;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the identity service over gRPC, on a connection of its own per attempt: attempts are hours
 * apart. No certificate is shown, since the token proves who we are and an expired certificate
 * would be refused. Thread-safe.
 */
public final class GrpcIdentityClient implements IdentityClient, AutoCloseable {
  /** Bound on an attempt, so that a service which never answers does not end the renewals. */
  private static final long TIMEOUT_SECONDS = 20;

  private final ControlChannels channels;
  private final ServiceAddress service;

  /** Connections of attempts that are under way. */
  private final Set<ManagedChannel> open = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  /** A client of one service. */
  public GrpcIdentityClient(ControlChannels channels, ServiceAddress service) {
    this.channels = channels;
    this.service = service;
  }

  @Override
  public CompletableFuture<CertifyResponse> certify(CertifyRequest request) {
    ManagedChannel channel = channels.openAnonymous(ControlService.IDENTITY, service);
    open.add(channel);
    if (closed) {
      channel.shutdownNow();
    }
    CompletableFuture<CertifyResponse> result = new CompletableFuture<>();
    IdentityGrpc.newStub(channel)
        .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .certify(request, new Answer(result));
    return result.whenComplete(
        (_, _) -> {
          open.remove(channel);
          channel.shutdownNow();
        });
  }

  /** Gives up what is under way. */
  @Override
  public void close() {
    closed = true;
    open.forEach(ManagedChannel::shutdownNow);
  }

  private record Answer(CompletableFuture<CertifyResponse> result)
      implements StreamObserver<CertifyResponse> {
    @Override
    public void onNext(CertifyResponse response) {
      result.complete(response);
    }

    @Override
    public void onError(Throwable problem) {
      result.completeExceptionally(new IdentityException(problem));
    }

    @Override
    public void onCompleted() {
      result.completeExceptionally(new IdentityException(null));
    }
  }

  /** An attempt that failed, in one line. */
  private static final class IdentityException extends Exception {
    private static final long serialVersionUID = 1;

    IdentityException(@Nullable Throwable problem) {
      super(problem == null ? "the service sent no answer" : describe(problem), problem);
    }

    private static String describe(Throwable problem) {
      Status status = Status.fromThrowable(problem);
      Throwable root = status.getCause();
      String text = status.getCode() + ": " + status.getDescription();
      while (root != null && root.getCause() != null) {
        root = root.getCause();
      }
      return root == null ? text : text + " (" + root.getMessage() + ")";
    }
  }
}

package dev.weft.kit.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts calls under the metric names which dashboards of the contract read: {@code
 * grpc_server_started_total}, {@code grpc_server_handled_total} (with {@code grpc_code}), {@code
 * grpc_server_msg_received_total}, {@code grpc_server_msg_sent_total} and the histogram {@code
 * grpc_server_handling_seconds}, labelled {@code grpc_type}, {@code grpc_service}, {@code
 * grpc_method}. Only methods that are really served get here, so labels are a closed list.
 *
 * <p>Thread-safe.
 */
final class GrpcServerMetrics implements ServerInterceptor {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(300), Duration.ofSeconds(3600)
  };

  private final MeterRegistry registry;
  private final Map<String, MethodMeters> metersOfMethod = new ConcurrentHashMap<>();

  GrpcServerMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    MethodDescriptor<Q, R> method = call.getMethodDescriptor();
    MethodMeters meters =
        metersOfMethod.computeIfAbsent(
            method.getFullMethodName(), _ -> new MethodMeters(registry, method));
    meters.started.increment();
    Timer.Sample sample = Timer.start(registry);
    ServerCall<Q, R> counted =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void sendMessage(R message) {
            meters.sent.increment();
            super.sendMessage(message);
          }

          @Override
          public void close(Status status, Metadata trailers) {
            meters.handled(registry, status.getCode());
            sample.stop(meters.handling);
            super.close(status, trailers);
          }
        };
    return new SimpleForwardingServerCallListener<>(next.startCall(counted, headers)) {
      @Override
      public void onMessage(Q message) {
        meters.received.increment();
        super.onMessage(message);
      }

      @Override
      public void onCancel() {
        // A cancelled call is never closed by its handler, so it ends here.
        meters.handled(registry, Status.Code.CANCELLED);
        sample.stop(meters.handling);
        super.onCancel();
      }
    };
  }

  /** The meters of one method; those per status code are made when a code is first seen. */
  private static final class MethodMeters {
    final Counter started;
    final Counter received;
    final Counter sent;
    final Timer handling;
    private final Tags tags;
    private final Map<Status.Code, Counter> handledByCode = new ConcurrentHashMap<>();

    MethodMeters(MeterRegistry registry, MethodDescriptor<?, ?> method) {
      tags =
          Tags.of(
              "grpc_type", typeLabel(method.getType()),
              "grpc_service", String.valueOf(method.getServiceName()),
              "grpc_method", String.valueOf(method.getBareMethodName()));
      started = registry.counter("grpc.server.started", tags);
      received = registry.counter("grpc.server.msg.received", tags);
      sent = registry.counter("grpc.server.msg.sent", tags);
      handling =
          Timer.builder("grpc.server.handling")
              .tags(tags)
              .serviceLevelObjectives(BUCKETS)
              .register(registry);
    }

    void handled(MeterRegistry registry, Status.Code code) {
      handledByCode
          .computeIfAbsent(
              code,
              c -> registry.counter("grpc.server.handled", tags.and("grpc_code", codeLabel(c))))
          .increment();
    }
  }

  private static String typeLabel(MethodDescriptor.MethodType type) {
    return switch (type) {
      case UNARY -> "unary";
      case CLIENT_STREAMING -> "client_stream";
      case SERVER_STREAMING -> "server_stream";
      case BIDI_STREAMING -> "bidi_stream";
      case UNKNOWN -> "unknown";
    };
  }

  /**
   * The spelling that existing dashboards select: {@code InvalidArgument}, {@code Canceled}, {@code
   * OK}.
   */
  static String codeLabel(Status.Code code) {
    return switch (code) {
      case OK -> "OK";
      case CANCELLED -> "Canceled";
      case UNKNOWN -> "Unknown";
      case INVALID_ARGUMENT -> "InvalidArgument";
      case DEADLINE_EXCEEDED -> "DeadlineExceeded";
      case NOT_FOUND -> "NotFound";
      case ALREADY_EXISTS -> "AlreadyExists";
      case PERMISSION_DENIED -> "PermissionDenied";
      case RESOURCE_EXHAUSTED -> "ResourceExhausted";
      case FAILED_PRECONDITION -> "FailedPrecondition";
      case ABORTED -> "Aborted";
      case OUT_OF_RANGE -> "OutOfRange";
      case UNIMPLEMENTED -> "Unimplemented";
      case INTERNAL -> "Internal";
      case UNAVAILABLE -> "Unavailable";
      case DATA_LOSS -> "DataLoss";
      case UNAUTHENTICATED -> "Unauthenticated";
    };
  }
}

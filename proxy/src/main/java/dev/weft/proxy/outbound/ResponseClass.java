package dev.weft.proxy.outbound;

import dev.weft.proxy.http.HeaderBlock;
import dev.weft.proxy.http.Reset;
import dev.weft.proxy.metrics.Labels;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * How a response counts: HTTP by 5xx, gRPC by its status.
 *
 * <p>Source: facts/proxy.md 3.13 and 4.1.
 *
 * @param status HTTP status, 0 when there was none
 * @param grpcStatus the number as sent; empty when the request was no gRPC call
 * @param error why there is no whole response; empty when there is one
 */
record ResponseClass(int status, String grpcStatus, String error) {
  private static final int MAX_GRPC_STATUS = 16;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final String RESOURCE_EXHAUSTED = "8";
  private static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");

  /** The {@code grpc-status} of a head or of trailers, or null. */
  static @Nullable String grpcStatus(HeaderBlock block) {
    AsciiString value = block.get(GRPC_STATUS);
    return value == null ? null : known(value);
  }

  /** The status if it is one that exists, else that of UNKNOWN: the peer names no labels. */
  private static String known(AsciiString value) {
    int number = 0;
    for (int i = 0; i < value.length() && number <= MAX_GRPC_STATUS; i++) {
      int digit = value.byteAt(i) - '0';
      number = digit < 0 || digit > 9 ? MAX_GRPC_STATUS + 1 : number * 10 + digit;
    }
    return value.isEmpty() || number > MAX_GRPC_STATUS ? "2" : Integer.toString(number);
  }

  /** Of a whole response; a gRPC response without a status counts as success, as UNKNOWN. */
  static ResponseClass whole(int status, boolean grpc, @Nullable String grpcStatus) {
    return new ResponseClass(status, grpc ? (grpcStatus == null ? "" : grpcStatus) : "", "");
  }

  /** Of a response that failed. */
  static ResponseClass failed(int status, Reset reason) {
    String error =
        reason.origin() == Reset.Origin.PEER ? "h2(" + reason.codeName() + ")" : "unclassified";
    return new ResponseClass(status, "", error);
  }

  /** Of a response that did not come, or end, in time. */
  static ResponseClass timedOut(int status) {
    return new ResponseClass(status, "", "timeout");
  }

  /** Whether the endpoint says that it has too much to do. */
  boolean limited() {
    return status == TOO_MANY_REQUESTS || grpcStatus.equals(RESOURCE_EXHAUSTED);
  }

  /** Whether it counts as a success. */
  boolean success() {
    if (!error.isEmpty()) {
      return false;
    }
    return switch (grpcStatus) {
      case "" -> status < 500;
      case "2", "4", "7", "13", "14", "15" -> false;
      default -> true;
    };
  }

  /** The labels after those of the endpoint. */
  Labels labels() {
    return labels(success());
  }

  /** The same where somebody else decided over success. */
  Labels labels(boolean success) {
    Labels labels = status == 0 ? Labels.NONE : Labels.of("status_code", Integer.toString(status));
    return labels.and(
        Labels.of(
            "classification",
            success ? "success" : "failure",
            "grpc_status",
            grpcStatus,
            "error",
            error));
  }
}

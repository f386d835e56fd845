package dev.weft.proxy.tap;

/** The statuses a tap call ends with; numbers as in gRPC. */
enum GrpcCode {
  OK(0),
  INVALID_ARGUMENT(3),
  RESOURCE_EXHAUSTED(8),
  UNIMPLEMENTED(12),
  UNAUTHENTICATED(16);

  private final int number;

  GrpcCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}

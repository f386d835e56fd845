package dev.weft.cli.standalone;

/** The services of a standalone control plane, in the order they start. */
enum ControlPlaneService {
  /** Certifies; the others cannot serve before it does. */
  IDENTITY("identity-service", 14_080, 14_990),
  /** Where a name leads. */
  DESTINATION("destination-service", 14_086, 14_996),
  /** Who may talk. */
  POLICY("policy-service", 14_090, 14_991);

  private final String program;
  private final int defaultGrpcPort;
  private final int defaultAdminPort;

  ControlPlaneService(String program, int defaultGrpcPort, int defaultAdminPort) {
    this.program = program;
    this.defaultGrpcPort = defaultGrpcPort;
    this.defaultAdminPort = defaultAdminPort;
  }

  /** Its folder in the distribution, and the name of its log. */
  String program() {
    return program;
  }

  /** The gRPC port of a standalone mesh unless that is taken. */
  int defaultGrpcPort() {
    return defaultGrpcPort;
  }

  /** The admin port of a standalone mesh unless that is taken. */
  int defaultAdminPort() {
    return defaultAdminPort;
  }
}

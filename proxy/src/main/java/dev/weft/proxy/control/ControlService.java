package dev.weft.proxy.control;

/** Who is called by the proxy itself, as metrics name them. */
public enum ControlService {
  IDENTITY("identity", "control_identity"),
  DESTINATION("destination", "control_destination"),
  POLICY("policy", "control_policy"),
  TRACE_COLLECTOR("trace_collector", "opentelemetry");

  private final String client;
  private final String family;

  ControlService(String client, String family) {
    this.client = client;
    this.family = family;
  }

  /** The label of its client. */
  String client() {
    return client;
  }

  /** What the names of its balancer's metrics begin with. */
  String family() {
    return family;
  }
}

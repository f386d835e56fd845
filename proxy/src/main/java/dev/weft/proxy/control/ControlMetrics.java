package dev.weft.proxy.control;

import dev.weft.proxy.client.BalancerFamilies;
import dev.weft.proxy.client.BalancerMeter;
import dev.weft.proxy.config.ServiceAddress;
import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Histogram;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Metrics;
import dev.weft.proxy.tls.PeerId;
import java.time.Clock;
import java.time.Duration;

/**
 * The metrics of the proxy's own clients. Thread-safe; the cells of calls and balancers belong to
 * the control executor, those of DNS to the admin loop.
 *
 * <p>Source: facts/proxy.md 4.2, 4.4; facts/observability.md 6.2, 6.7, 6.8.
 */
public final class ControlMetrics {
  /** How long the contract's clients wait for an endpoint before they fail fast. */
  private static final Duration FAILFAST = Duration.ofSeconds(30);

  private final Metrics metrics;
  private final Clock clock;
  private final Family<Counter> requests;
  private final Family<Counter> responses;
  private final Family<Histogram> latency;
  private final Family<Counter> resolutions;

  /** Declares them; those of the trace collector when it is called. */
  public ControlMetrics(Metrics metrics, Clock clock) {
    this.metrics = metrics;
    this.clock = clock;
    this.requests = metrics.counter("control_request_total", "Calls of the control plane.");
    this.responses =
        metrics.counter("control_response_total", "Calls of the control plane that ended.");
    this.latency =
        metrics.latencyMillis(
            "control_response_latency_ms",
            "Time from a call of the control plane to its first message, or its end.");
    this.resolutions =
        metrics
            .counter(
                "control_dns_resolutions_total", "Look-ups of the control plane's services in DNS.")
            .lasting();
    balancers(ControlService.IDENTITY);
    balancers(ControlService.DESTINATION);
    balancers(ControlService.POLICY);
  }

  /** Which kind of records was asked for. */
  enum RecordType {
    SRV("SRV"),
    ADDRESS("A/AAAA");

    private final String label;

    RecordType(String label) {
      this.label = label;
    }
  }

  /** A name was looked up. On the admin loop only. */
  void resolved(ControlService service, RecordType type, boolean found) {
    resolutions
        .get(
            metrics.admin(),
            Labels.of(
                "client",
                service.client(),
                "record_type",
                type.label,
                "result",
                found ? "ok" : "not_found"))
        .increment();
  }

  /** The series of calls of one service at one address. */
  Calls calls(ServiceAddress service) {
    PeerId identity = service.identity();
    Labels base = addr(service);
    return new Calls(
        identity == null
            ? base.and("tls", "no_identity").and("no_tls_reason", "loopback")
            : base.and("tls", "true").and("server_id", identity.text()));
  }

  /** The series of what chooses among the replicas of one service. */
  BalancerMeter balancer(ControlService service, ServiceAddress address) {
    return new BalancerMeter(balancers(service), metrics.admin(), addr(address), FAILFAST, clock);
  }

  private BalancerFamilies balancers(ControlService service) {
    return new BalancerFamilies(metrics, service.family());
  }

  private static Labels addr(ServiceAddress service) {
    return Labels.of("addr", service.authority().toString());
  }

  /** Counts calls. Used on the control executor only. */
  final class Calls {
    private final Labels base;

    private Calls(Labels base) {
      this.base = base;
    }

    void requested() {
      requests.get(metrics.admin(), base).increment();
    }

    /** A call ended. */
    void responded(CallOutcome outcome, long latencyNanos) {
      Labels status = outcome.answered() ? base.and("status_code", "200") : base;
      responses.get(metrics.admin(), status.and(outcome.labels())).increment();
      latency.get(metrics.admin(), status).record(latencyNanos);
    }
  }
}

package dev.weft.proxy.client;

import dev.weft.proxy.metrics.Counter;
import dev.weft.proxy.metrics.Family;
import dev.weft.proxy.metrics.Gauge;
import dev.weft.proxy.metrics.Histogram;
import dev.weft.proxy.metrics.Metrics;

/**
 * The families of balancers of one kind and of the queues before them. Thread-safe.
 *
 * <p>Source: facts/observability.md 6.7.
 */
public final class BalancerFamilies {
  final Family<Gauge> endpoints;
  final Family<Gauge> size;
  final Family<Counter> updates;
  final Family<Gauge> queueLength;
  final Family<Counter> queueRequests;
  final Family<Histogram> queueLatency;
  final Family<Counter> gateOpened;
  final Family<Counter> gateShut;
  final Family<Gauge> gateOpenTime;
  final Family<Gauge> gateShutTime;
  final Family<Gauge> gateTimeout;

  /**
   * The families of one kind.
   *
   * @param kind what their names begin with, as {@code outbound_http}
   */
  public BalancerFamilies(Metrics metrics, String kind) {
    String prefix = kind + "_balancer_";
    endpoints = metrics.gauge(prefix + "endpoints", "Endpoints of a balancer by state.").lasting();
    size = metrics.gauge(prefix + "p2c_endpoints", "Endpoints of a balancer.").lasting();
    updates =
        metrics
            .counter(prefix + "p2c_updates_total", "Changes of a balancer's endpoints.")
            .lasting();
    queueLength = metrics.gauge(prefix + "queue_length", "Requests that wait.").lasting();
    queueRequests =
        metrics.counter(prefix + "queue_requests_total", "Requests to a balancer.").lasting();
    queueLatency =
        metrics
            .seconds(
                prefix + "queue_latency_seconds",
                "Time that requests waited for a ready endpoint.",
                0.0005,
                0.005,
                0.05,
                0.5,
                1,
                3)
            .lasting();
    gateOpened =
        metrics.counter(prefix + "queue_gate_open_total", "Times that failfast ended.").lasting();
    gateShut =
        metrics.counter(prefix + "queue_gate_shut_total", "Times that failfast began.").lasting();
    gateOpenTime =
        metrics
            .latestSeconds(
                prefix + "queue_gate_open_time_seconds", "When failfast last ended, since 1970.")
            .lasting();
    gateShutTime =
        metrics
            .latestSeconds(
                prefix + "queue_gate_shut_time_seconds", "When failfast last began, since 1970.")
            .lasting();
    gateTimeout =
        metrics
            .latestSeconds(
                prefix + "queue_gate_timeout_seconds", "How long requests wait before failfast.")
            .lasting();
  }
}

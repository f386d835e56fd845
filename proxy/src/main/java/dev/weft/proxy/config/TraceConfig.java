package dev.weft.proxy.config;

import java.util.Map;

/**
 * Where spans go.
 *
 * @param collector an OTLP collector that speaks gRPC
 * @param attributes of the resource, those of later sources having won
 */
public record TraceConfig(ServiceAddress collector, Map<String, String> attributes) {
  public TraceConfig {
    attributes = Map.copyOf(attributes);
  }
}

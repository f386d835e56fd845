package dev.weft.cli.diagnostics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Duration;
import dev.weft.api.destination.Http2ClientParams;
import dev.weft.api.destination.WeightedAddr;
import dev.weft.api.net.TcpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * An endpoint as the control plane tells it.
 *
 * @param address where it is
 * @param weighted all that is said about it
 * @param shared labels it has in common with the others of its set
 */
record Endpoint(TcpAddress address, WeightedAddr weighted, Map<String, String> shared) {
  Endpoint {
    shared = Map.copyOf(shared);
  }

  String ip() {
    return Addresses.text(address.getIp());
  }

  int port() {
    return address.getPort();
  }

  String namespace() {
    return label("namespace");
  }

  String pod() {
    return label("pod");
  }

  /** {@code service.namespace}. */
  String service() {
    String service = label("service");
    return service.isEmpty() || service.contains(".") ? service : service + "." + namespace();
  }

  private String label(String name) {
    String own = weighted.getMetricLabelsOrDefault(name, "");
    return own.isEmpty() ? shared.getOrDefault(name, "") : own;
  }

  ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("namespace", namespace())
        .put("ip", ip())
        .put("port", port())
        .put("pod", pod())
        .put("service", service())
        .put("weight", Integer.toUnsignedLong(weighted.getWeight()));
    if (weighted.hasHttp2()) {
      node.set("http2", http2(weighted.getHttp2()));
    }
    ObjectNode labels = node.putObject("labels");
    new TreeMap<>(merged()).forEach(labels::put);
    return node;
  }

  private Map<String, String> merged() {
    Map<String, String> merged = new LinkedHashMap<>(shared);
    merged.putAll(weighted.getMetricLabelsMap());
    return merged;
  }

  private static ObjectNode http2(Http2ClientParams params) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (params.hasKeepAlive()) {
      node.putObject("keep_alive")
          .put("interval", seconds(params.getKeepAlive().getInterval()))
          .put("timeout", seconds(params.getKeepAlive().getTimeout()))
          .put("while_idle", params.getKeepAlive().getWhileIdle());
    }
    return node;
  }

  private static String seconds(Duration duration) {
    return java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos())
        .toString()
        .substring(2)
        .toLowerCase(java.util.Locale.ROOT);
  }
}

package dev.weft.proxy.outbound;

import dev.weft.api.tap.TapEvent.ProxyDirection;
import dev.weft.proxy.control.Endpoint;
import dev.weft.proxy.tap.TapSubject;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An attempt at an endpoint as taps see it.
 *
 * @param local whether the endpoint is this workload itself
 */
record TappedRequest(InetSocketAddress source, Endpoint endpoint, boolean local)
    implements TapSubject {
  @Override
  public ProxyDirection direction() {
    return ProxyDirection.OUTBOUND;
  }

  @Override
  public InetSocketAddress destination() {
    return endpoint.address();
  }

  @Override
  public Map<String, String> sourceLabels() {
    return Map.of("tls", "loopback");
  }

  @Override
  public Map<String, String> destinationLabels() {
    Map<String, String> labels = new LinkedHashMap<>(endpoint.labels());
    if (local) {
      labels.put("tls", "loopback");
    } else if (endpoint.tls() == null) {
      labels.put("tls", "not_provided_by_service_discovery");
    } else {
      labels.put("tls", "true");
      labels.put("server_id", endpoint.tls().identity().text());
    }
    return labels;
  }

  @Override
  public Map<String, String> routeLabels() {
    return Map.of();
  }
}

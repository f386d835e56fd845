package dev.weft.proxy.control;

import java.net.InetSocketAddress;
import java.util.Map;

/**
 * All endpoints of one balancer at one moment.
 *
 * @param endpoints by address, in no order; empty when the service has none
 * @param exists false when the control plane says that there is no such service
 */
public record EndpointSet(Map<InetSocketAddress, Endpoint> endpoints, boolean exists) {
  /** No endpoints, of a service that exists. */
  public static final EndpointSet EMPTY = new EndpointSet(Map.of(), true);

  public EndpointSet {
    endpoints = Map.copyOf(endpoints);
  }
}

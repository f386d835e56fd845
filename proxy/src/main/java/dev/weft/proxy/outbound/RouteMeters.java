package dev.weft.proxy.outbound;

import dev.weft.proxy.http.RequestHead;
import dev.weft.proxy.metrics.Labels;
import dev.weft.proxy.metrics.Shard;
import io.netty.util.NetUtil;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The cells of one route: by the request's host name where that is configured. Runs on one loop
 * only.
 */
final class RouteMeters {
  /** Host names with cells of their own on one route and loop. */
  private static final int MAX_HOSTS = 256;

  private final RouteFamilies families;
  private final Shard shard;
  private final Labels labels;
  private final boolean byHost;
  private final RouteMeter common;
  private final Map<String, RouteMeter> hosts = new HashMap<>(0);

  /**
   * Cells under these labels.
   *
   * @param byHost whether the label {@code hostname} is filled
   */
  RouteMeters(RouteFamilies families, Shard shard, Labels labels, boolean byHost) {
    this.families = families;
    this.shard = shard;
    this.labels = labels;
    this.byHost = byHost;
    this.common = meter("");
  }

  RouteMeter of(RequestHead head) {
    if (!byHost) {
      return common;
    }
    String host = host(head.effectiveAuthority().toString());
    RouteMeter known = hosts.get(host);
    if (known != null || host.isEmpty() || hosts.size() >= MAX_HOSTS) {
      return known == null ? common : known;
    }
    RouteMeter made = meter(host);
    hosts.put(host, made);
    return made;
  }

  /** The DNS name in an authority; empty if there is none, or an address. */
  static String host(String authority) {
    int colon = authority.lastIndexOf(':');
    String host = authority.substring(0, colon < 0 ? authority.length() : colon);
    return host.startsWith("[") || NetUtil.isValidIpV4Address(host)
        ? ""
        : host.toLowerCase(Locale.ROOT);
  }

  private RouteMeter meter(String host) {
    return new RouteMeter(families, shard, labels.and("hostname", host));
  }
}

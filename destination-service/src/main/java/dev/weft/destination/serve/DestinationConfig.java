package dev.weft.destination.serve;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What the answers of the destination service depend on; prefix {@code weft.destination}. */
@ConfigMapping(prefix = "weft.destination")
public interface DestinationConfig {
  /** The namespace of the control plane, a DNS label; part of every identity. Default linkerd. */
  @WithDefault("linkerd")
  String controlPlaneNamespace();

  /** The trust domain, a DNS name; the end of every identity. Default cluster.local. */
  @WithDefault("cluster.local")
  String trustDomain();

  /** The DNS domain of the cluster; the end of every Service's full name. Default cluster.local. */
  @WithDefault("cluster.local")
  String clusterDomain();

  /**
   * Opaque ports of whatever has no annotation: numbers and ranges, comma-separated. Default
   * 25,587,3306,4444,5432,6379,9300,11211.
   */
  @WithDefault("25,587,3306,4444,5432,6379,9300,11211")
  String defaultOpaquePorts();

  /** Whether meshed endpoints are said to take HTTP/2. Default true. */
  @WithDefault("true")
  boolean enableH2Upgrade();

  /** How meshed endpoints are reached. Default {@code transport-header}. */
  @WithDefault("transport-header")
  OutboundTransportMode outboundTransportMode();

  /** Whether IPv6 addresses of pods are handed out, and preferred. Default true. */
  @WithDefault("true")
  boolean enableIpv6();

  /** HTTP/2 settings for connections between proxies. */
  MeshedHttp2 meshedHttp2();

  /** See {@link #outboundTransportMode()}. */
  enum OutboundTransportMode {
    /** At the inbound port of their proxy, with a header that names the port. */
    TRANSPORT_HEADER,
    /** At the port itself; at the inbound port where the port is opaque. */
    TRANSPARENT
  }

  /** See {@link #meshedHttp2()}. */
  interface MeshedHttp2 {
    /** Time between pings, not negative. Default 10 s. */
    @WithDefault("10S")
    Duration keepAliveInterval();

    /** How long a ping's answer is waited for, not negative. Default 3 s. */
    @WithDefault("3S")
    Duration keepAliveTimeout();

    /** Whether connections without requests are pinged too. Default true. */
    @WithDefault("true")
    boolean keepAliveWhileIdle();
  }
}

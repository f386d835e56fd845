package dev.weft.kit.grpc;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/**
 * Where and how a control-plane service listens for gRPC; prefix {@code weft.grpc}. Each service
 * gives {@code weft.grpc.port} its well-known value in its own {@code application.properties}.
 */
@ConfigMapping(prefix = "weft.grpc")
public interface GrpcServerConfig {
  /**
   * Address to bind: an IP literal or host name. Default {@code 0.0.0.0}; a standalone mesh uses
   * loopback.
   */
  @WithDefault("0.0.0.0")
  String host();

  /**
   * TCP port, 0 to 65535; 0 takes a free one. No default here: identity 8080, destination 8086,
   * policy 8090.
   */
  int port();

  /** Largest message accepted from a client, in bytes, 1 to 16 MiB. Default 262144 (256 KiB). */
  @WithDefault("262144")
  int maxMessageBytes();

  /** Largest set of request headers accepted, in bytes, 1 to 1 MiB. Default 16384 (16 KiB). */
  @WithDefault("16384")
  int maxMetadataBytes();

  /**
   * The shortest time between two pings of a client that is tolerated; a client which pings more
   * often is disconnected. Default 5 s, so that clients which ping every 10 s are always welcome.
   */
  @WithDefault("5S")
  Duration permitKeepAliveTime();

  /**
   * After how long without traffic this server pings a client, to notice one that is gone. Default
   * 60 s.
   */
  @WithDefault("60S")
  Duration keepAliveTime();

  /** How long an unanswered ping is waited for before the connection is closed. Default 20 s. */
  @WithDefault("20S")
  Duration keepAliveTimeout();

  /**
   * How long running calls may go on after a stop was asked for; then they are ended with {@code
   * UNAVAILABLE} and clients resume elsewhere. Default 2 s.
   */
  @WithDefault("2S")
  Duration shutdownGrace();
}

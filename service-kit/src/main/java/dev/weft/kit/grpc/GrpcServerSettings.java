package dev.weft.kit.grpc;

import java.time.Duration;

/**
 * What a {@link MeshGrpcServer} is started with; {@link GrpcServerConfig} states meaning, unit and
 * range of each value.
 */
public record GrpcServerSettings(
    String host,
    int port,
    int maxMessageBytes,
    int maxMetadataBytes,
    Duration permitKeepAliveTime,
    Duration keepAliveTime,
    Duration keepAliveTimeout,
    Duration shutdownGrace) {
  static final int MAX_MESSAGE_BYTES = 16 << 20;
  static final int MAX_METADATA_BYTES = 1 << 20;

  public GrpcServerSettings {
    requireRange("weft.grpc.port", port, 0, 65_535);
    requireRange("weft.grpc.max-message-bytes", maxMessageBytes, 1, MAX_MESSAGE_BYTES);
    requireRange("weft.grpc.max-metadata-bytes", maxMetadataBytes, 1, MAX_METADATA_BYTES);
    requirePositive("weft.grpc.permit-keep-alive-time", permitKeepAliveTime);
    requirePositive("weft.grpc.keep-alive-time", keepAliveTime);
    requirePositive("weft.grpc.keep-alive-timeout", keepAliveTimeout);
    requirePositive("weft.grpc.shutdown-grace", shutdownGrace);
  }

  /** Takes the values of the configuration. */
  public static GrpcServerSettings of(GrpcServerConfig config) {
    return new GrpcServerSettings(
        config.host(),
        config.port(),
        config.maxMessageBytes(),
        config.maxMetadataBytes(),
        config.permitKeepAliveTime(),
        config.keepAliveTime(),
        config.keepAliveTimeout(),
        config.shutdownGrace());
  }

  /** The defaults of the configuration on a loopback address, for tests and embedded use. */
  public static GrpcServerSettings loopback(int port) {
    return new GrpcServerSettings(
        "127.0.0.1",
        port,
        262_144,
        16_384,
        Duration.ofSeconds(5),
        Duration.ofSeconds(60),
        Duration.ofSeconds(20),
        Duration.ofSeconds(2));
  }

  private static void requireRange(String key, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s=%d refused; cause: outside %d to %d; fix: set a value in that range"
              .formatted(key, value, min, max));
    }
  }

  private static void requirePositive(String key, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(
          "%s=%s refused; cause: not a positive duration; fix: set for example 5S"
              .formatted(key, value));
    }
  }
}

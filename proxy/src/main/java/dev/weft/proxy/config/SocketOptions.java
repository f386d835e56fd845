package dev.weft.proxy.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Options of accepted or connected sockets. TCP_NODELAY and SO_KEEPALIVE are always on.
 *
 * @param keepAliveIdle silence after which the kernel probes the peer, null for its own default
 * @param userTimeout TCP_USER_TIMEOUT, null for the kernel's default
 */
public record SocketOptions(@Nullable Duration keepAliveIdle, @Nullable Duration userTimeout) {
  /** The kernel's defaults. */
  public static final SocketOptions DEFAULT = new SocketOptions(null, null);
}

package dev.weft.proxy.config;

import java.time.Duration;

/**
 * Idle HTTP/1 client connections.
 *
 * @param maxIdle most idle connections kept for one endpoint
 * @param idleTimeout how long one is kept
 */
public record PoolConfig(int maxIdle, Duration idleTimeout) {}

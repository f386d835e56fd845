package dev.weft.proxy.config;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The admin server.
 *
 * @param listenAddress a resolved address
 * @param shutdownEndpoint whether POST {@code /shutdown} ends the process
 * @param metricsRetainIdle how long series without change are shown
 * @param maxSeries most series of metrics, each bucket counted as one
 */
public record AdminConfig(
    InetSocketAddress listenAddress,
    boolean shutdownEndpoint,
    Duration metricsRetainIdle,
    int maxSeries) {}

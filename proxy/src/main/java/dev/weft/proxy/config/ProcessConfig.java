package dev.weft.proxy.config;

import java.time.Duration;

/**
 * The process as a whole.
 *
 * @param transport how event loops wait for sockets
 * @param workers event loops of the data path, at least 1
 * @param shutdownGracePeriod how long a drain may take
 * @param maxConnections accepted connections at once, 0 for what the file descriptors allow
 */
public record ProcessConfig(
    IoTransport transport, int workers, Duration shutdownGracePeriod, int maxConnections) {}

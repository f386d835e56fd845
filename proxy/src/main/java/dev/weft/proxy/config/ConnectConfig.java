package dev.weft.proxy.config;

import java.time.Duration;

/**
 * How connections are opened.
 *
 * @param timeout for the whole of TCP connect, TLS handshake and transport header
 * @param options of the connected socket
 * @param backoff pauses between attempts where an endpoint is connected for good
 */
public record ConnectConfig(Duration timeout, SocketOptions options, BackoffConfig backoff) {}

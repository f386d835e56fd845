package dev.weft.proxy.config;

import dev.weft.proxy.http.http2.Http2Settings;
import java.time.Duration;

/**
 * What inbound and outbound have both, each with its own values.
 *
 * @param listenBacklog of the listening socket, 0 for the default
 * @param accept options of accepted sockets
 * @param detectTimeout for TLS, protocol and transport header, each anew
 * @param connect how peers are dialled
 * @param httpQueue requests waiting for an endpoint
 * @param maxInFlight most requests without response head, over all connections
 * @param pool idle HTTP/1 connections to peers
 * @param discoveryIdleTimeout how long a policy or profile stays watched without a user
 * @param http2Server HTTP/2 towards clients
 * @param http2Client HTTP/2 towards peers
 */
public record DataPathConfig(
    int listenBacklog,
    SocketOptions accept,
    Duration detectTimeout,
    ConnectConfig connect,
    QueueConfig httpQueue,
    int maxInFlight,
    PoolConfig pool,
    Duration discoveryIdleTimeout,
    Http2ServerConfig http2Server,
    Http2Settings http2Client) {}

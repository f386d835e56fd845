package dev.weft.proxy.config;

import dev.weft.proxy.tls.PeerId;
import java.net.InetSocketAddress;

/**
 * The tap server.
 *
 * @param listenAddress a resolved address
 * @param client the only identity that may tap
 */
public record TapConfig(InetSocketAddress listenAddress, PeerId client) {}

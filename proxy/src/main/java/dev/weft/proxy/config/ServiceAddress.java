package dev.weft.proxy.config;

import dev.weft.mesh.Authority;
import dev.weft.mesh.IpAddr;
import dev.weft.proxy.tls.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Where a service of the control plane is, and who it must be.
 *
 * @param authority address or name, with port
 * @param identity what its certificate must name, sent as SNI too; null for plaintext, which the
 *     contract allows on loopback only
 */
public record ServiceAddress(Authority authority, @Nullable PeerId identity) {
  /** Whether the service is on this machine: {@code localhost} or a loopback address. */
  public boolean loopback() {
    String host = authority.host();
    return host.equals("localhost")
        || host.equals("localhost.")
        || authority.ip().map(IpAddr::isLoopback).orElse(false);
  }
}

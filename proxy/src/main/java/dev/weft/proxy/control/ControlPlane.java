package dev.weft.proxy.control;

/**
 * All that may be asked of the control plane. Policies join when their records do.
 *
 * @param profiles what is said of a target besides its endpoints
 * @param endpoints the endpoints behind an authority {@code name:port}
 */
public record ControlPlane(
    Watcher<Target, Profile> profiles, Watcher<String, EndpointSet> endpoints) {}

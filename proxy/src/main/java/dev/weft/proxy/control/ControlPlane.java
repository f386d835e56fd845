package dev.weft.proxy.control;

import dev.weft.policy.inbound.InboundPolicy;
import dev.weft.policy.outbound.OutboundPolicy;

/**
 * All that may be asked of the control plane.
 *
 * @param inboundPolicies the policy of a port of ours; always known, the configured default until
 *     the control plane answers
 * @param outboundPolicies the policy of a target
 * @param profiles what is said of a target besides its policy and endpoints
 * @param endpoints the endpoints behind an authority {@code name:port}
 */
public record ControlPlane(
    Watcher<Integer, InboundPolicy> inboundPolicies,
    Watcher<Target, OutboundPolicy> outboundPolicies,
    Watcher<Target, Profile> profiles,
    Watcher<String, EndpointSet> endpoints) {}

package dev.weft.policy.inbound;

import dev.weft.policy.PolicyRef;
import org.jspecify.annotations.Nullable;

/**
 * What an admission rests on: the source of the labels {@code srv_*}, {@code route_*} and {@code
 * authz_*}. One object for each combination, made when the policy is compiled; it may serve as a
 * key by identity for as long as its {@link InboundEvaluator} does.
 *
 * @param server the deciding Server or default
 * @param route the route of the request; null for a connection
 * @param authorization the authorization that admits
 * @param audit whether the admission is to be logged and counted as one that only {@code audit}
 *     grants
 */
public record Permit(
    PolicyRef server, @Nullable PolicyRef route, PolicyRef authorization, boolean audit) {}

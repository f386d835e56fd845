/**
 * Who may use a port of a workload: the policy of one port as data, and the judgement of
 * connections and requests by it. Refuses to know how a policy was written down or how it travels.
 */
@NullMarked
package dev.weft.policy.inbound;

import org.jspecify.annotations.NullMarked;

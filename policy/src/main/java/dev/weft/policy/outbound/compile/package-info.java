/**
 * From objects to the policy of a target: pure functions of Services. Refuses to watch, to remember
 * and to resolve endpoints.
 */
@NullMarked
package dev.weft.policy.outbound.compile;

import org.jspecify.annotations.NullMarked;

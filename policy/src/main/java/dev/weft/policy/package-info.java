/**
 * The policy engine: objects to policy, and (policy, request) to a decision with its reason. Does
 * no I/O and reads no clock.
 */
@NullMarked
package dev.weft.policy;

import org.jspecify.annotations.NullMarked;

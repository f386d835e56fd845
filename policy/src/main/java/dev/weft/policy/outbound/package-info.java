/**
 * Where a client's traffic to one target goes, and how: the policy of one target as data. Refuses
 * to know how a policy was written down, how it travels, or how it is carried out.
 */
@NullMarked
package dev.weft.policy.outbound;

import org.jspecify.annotations.NullMarked;

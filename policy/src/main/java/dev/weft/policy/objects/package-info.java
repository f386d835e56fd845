/**
 * The objects from which policies are computed, and what all computations share: their order and
 * their problems. Refuses to know what an object means.
 */
@NullMarked
package dev.weft.policy.objects;

import org.jspecify.annotations.NullMarked;

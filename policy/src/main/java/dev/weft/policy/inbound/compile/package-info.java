/**
 * From objects to the policy of a port: pure functions of Servers, authorizations, authentications,
 * routes and workloads. Refuses to watch, to remember, and to guess: an object that cannot be used
 * is left out and reported, and leaving one out never admits anybody.
 */
@NullMarked
package dev.weft.policy.inbound.compile;

import org.jspecify.annotations.NullMarked;

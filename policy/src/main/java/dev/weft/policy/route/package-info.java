/**
 * Route matching as a library: which rule of which route a request belongs to. Refuses to know what
 * a route leads to, so the inbound and the outbound side use the same table.
 */
@NullMarked
package dev.weft.policy.route;

import org.jspecify.annotations.NullMarked;

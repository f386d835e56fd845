/**
 * Keeps the newest objects and, for each key somebody watches, the policy computed from them.
 * Refuses to know how clients ask: it hands out published values.
 */
@NullMarked
package dev.weft.policyservice.index;

import org.jspecify.annotations.NullMarked;

/**
 * Chooses which endpoint takes the next request: power of two choices over a peak-EWMA latency
 * estimate. Refuses to connect, to keep time or to know what an endpoint is.
 */
@NullMarked
package dev.weft.proxy.balance;

import org.jspecify.annotations.NullMarked;

/**
 * Leads the TCP traffic of a network namespace to its proxy, proves that it does, and waits for the
 * proxy. Knows nothing of what the proxy does with it.
 */
@org.jspecify.annotations.NullMarked
package dev.weft.redirect;

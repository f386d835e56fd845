/**
 * Shows requests as they pass to the one client that may see them. Refuses to change, delay or
 * remember them: what a watcher cannot take in time is dropped.
 */
@NullMarked
package dev.weft.proxy.tap;

import org.jspecify.annotations.NullMarked;

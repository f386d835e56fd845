/**
 * What the parts of a running proxy share: loops, settings, seams to control plane and TLS, and the
 * drain. Refuses to hold logic of either data path.
 */
@NullMarked
package dev.weft.proxy.runtime;

import org.jspecify.annotations.NullMarked;

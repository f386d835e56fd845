/**
 * Turns messages of the control plane into records: policies as a whole or not at all, discovery
 * entry by entry. Refuses to keep anything.
 */
@NullMarked
package dev.weft.proxy.control.decode;

import org.jspecify.annotations.NullMarked;

/**
 * What a connection speaks, found out from its first bytes without consuming them, and without
 * making a server that speaks first wait. Refuses to act on what it finds.
 */
@NullMarked
package dev.weft.proxy.detect;

import org.jspecify.annotations.NullMarked;

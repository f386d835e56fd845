/**
 * The header two proxies exchange ahead of a tunnelled connection. Refuses to know what follows it.
 */
@NullMarked
package dev.weft.proxy.transport;

import org.jspecify.annotations.NullMarked;

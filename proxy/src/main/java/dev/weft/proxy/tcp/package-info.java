/**
 * Sockets below any protocol: where an intercepted connection wanted to go, dialling, and the
 * splice of two connections. Refuses to look into the bytes.
 */
@NullMarked
package dev.weft.proxy.tcp;

import org.jspecify.annotations.NullMarked;

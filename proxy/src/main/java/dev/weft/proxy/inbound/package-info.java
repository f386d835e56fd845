/**
 * Connections to the application: ends their mesh TLS, judges them and their requests by the policy
 * of the port, and forwards what is allowed. Refuses to choose where things go: the original
 * destination or the transport header says it.
 *
 * <p>An accepted connection passes {@link dev.weft.proxy.inbound.Arrival}, which finds out who the
 * client is and what is spoken, and then lives as a {@link dev.weft.proxy.inbound.TcpForward} or
 * behind an {@link dev.weft.proxy.inbound.HttpSession}.
 */
@NullMarked
package dev.weft.proxy.inbound;

import org.jspecify.annotations.NullMarked;

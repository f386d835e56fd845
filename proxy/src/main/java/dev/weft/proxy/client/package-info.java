/**
 * Connections to where requests go: dialing with mesh TLS and transport header, the HTTP/1 pool,
 * the shared HTTP/2 connection, and the room where requests wait for one. Refuses to choose among
 * endpoints.
 */
@NullMarked
package dev.weft.proxy.client;

import org.jspecify.annotations.NullMarked;

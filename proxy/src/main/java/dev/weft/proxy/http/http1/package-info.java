/**
 * HTTP/1.0 and HTTP/1.1 on the wire (RFC 9112), strict in what it accepts. Does not rewrite
 * messages beyond framing and hop-by-hop fields.
 */
@NullMarked
package dev.weft.proxy.http.http1;

import org.jspecify.annotations.NullMarked;

/**
 * HTTP/2 on the wire (RFC 9113, RFC 7541) at the level of frames, with flow control by consumed
 * credit. Does not open a channel per stream and does not push.
 */
@NullMarked
package dev.weft.proxy.http.http2;

import org.jspecify.annotations.NullMarked;

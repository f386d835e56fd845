/**
 * Mesh TLS: who we are, who the peer is, and the handshake between the two. Refuses to know why a
 * peer may or may not talk: that is policy.
 */
@NullMarked
package dev.weft.proxy.tls;

import org.jspecify.annotations.NullMarked;

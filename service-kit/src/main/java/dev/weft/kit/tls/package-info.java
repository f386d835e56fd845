/**
 * Mesh TLS for control-plane services: the trust anchors, the service's own leaf and its renewal,
 * and the TLS that ends on its gRPC listener. Refuses to know what is served, and by whom a peer
 * may be called.
 */
@NullMarked
package dev.weft.kit.tls;

import org.jspecify.annotations.NullMarked;

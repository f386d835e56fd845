/**
 * What every control-plane service shares: mesh TLS for its gRPC server, coalescing watch streams,
 * readiness. Knows nothing of what a service serves.
 */
@NullMarked
package dev.weft.kit;

import org.jspecify.annotations.NullMarked;

/**
 * The gRPC listener of a control-plane service: collects the service's {@code BindableService}
 * beans, serves them over plaintext or mesh TLS, counts calls, and stops gracefully. Refuses to
 * know what is served.
 */
@NullMarked
package dev.weft.kit.grpc;

import org.jspecify.annotations.NullMarked;

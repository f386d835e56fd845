/**
 * The identity service's adapters to a Kubernetes API server: token reviews and events. The only
 * package here that knows the client library.
 */
@NullMarked
package dev.weft.identity.kubernetes;

import org.jspecify.annotations.NullMarked;

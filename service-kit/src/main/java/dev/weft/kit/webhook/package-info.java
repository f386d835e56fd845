/**
 * An admission webhook: its HTTPS listener, the review protocol, and a serving certificate that is
 * made, shared between replicas, rotated and made known to the API server, or read from files that
 * somebody else renews. Refuses to know what is admitted.
 */
@NullMarked
package dev.weft.kit.webhook;

import org.jspecify.annotations.NullMarked;

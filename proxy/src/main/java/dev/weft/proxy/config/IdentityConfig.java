package dev.weft.proxy.config;

import dev.weft.proxy.tls.PeerId;
import dev.weft.proxy.tls.TrustAnchors;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who this proxy is and how it proves it.
 *
 * @param service the identity service
 * @param id the identity to be certified
 * @param serverName the SNI by which peers address this proxy
 * @param trustAnchors the roots of the mesh
 * @param tokenFile holds the token; read anew for every attempt
 * @param directory holds {@code key.p8} and {@code csr.der} if a helper made them; null or without
 *     these files, the key is made in memory
 * @param minRefresh shortest pause between two certifications
 * @param maxRefresh longest pause between two certifications
 */
public record IdentityConfig(
    ServiceAddress service,
    PeerId id,
    String serverName,
    TrustAnchors trustAnchors,
    Path tokenFile,
    @Nullable Path directory,
    Duration minRefresh,
    Duration maxRefresh) {}

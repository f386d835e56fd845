package dev.weft.proxy.identity;

import dev.weft.api.identity.CertifyRequest;
import dev.weft.api.identity.CertifyResponse;
import java.util.concurrent.CompletableFuture;

/** Asks an identity service for a certificate. Must not block. */
@FunctionalInterface
public interface IdentityClient {
  /** Makes one attempt; fails with the reason. */
  CompletableFuture<CertifyResponse> certify(CertifyRequest request);
}

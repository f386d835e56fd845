package dev.weft.kit.tls;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether the gRPC listener of a service speaks mesh TLS itself, and how it gets its leaf; prefix
 * {@code weft.grpc.tls}. In a cluster the proxy beside the service may do that instead.
 */
@ConfigMapping(prefix = "weft.grpc.tls")
public interface MeshTlsConfig {
  /** Whether to end mesh TLS here. Default false: plaintext. */
  @WithDefault("false")
  boolean enabled();

  /** The service's own identity. Required with TLS, but not by the identity service. */
  Optional<String> identity();

  /** {@code host:port} of the identity service. Required with TLS, but not by that service. */
  Optional<String> identityService();

  /** The identity which the identity service must prove. */
  @WithDefault("linkerd-identity.linkerd.serviceaccount.identity.linkerd.cluster.local")
  String identityServiceName();

  /** File with the token that proves {@link #identity}; read anew for every attempt. */
  @WithDefault("/var/run/secrets/tokens/linkerd-identity-token")
  Path tokenFile();

  /** PEM bundle of the roots; read once at start. */
  @WithDefault("/var/run/linkerd/identity/trust-roots/ca-bundle.crt")
  Path trustAnchors();
}

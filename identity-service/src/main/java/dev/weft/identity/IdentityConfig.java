package dev.weft.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Everything the identity service can be told; prefix {@code weft.identity}. */
@ConfigMapping(prefix = "weft.identity")
interface IdentityConfig {
  /** Namespace of the control plane, a DNS-1123 label; part of every identity. */
  @WithDefault("linkerd")
  String controllerNamespace();

  /** Trust domain, a DNS-1123 subdomain; the end of every identity. */
  @WithDefault("cluster.local")
  String trustDomain();

  /** How long a leaf is good, positive. Default 24 h. */
  @WithDefault("24H")
  Duration issuanceLifetime();

  /** Added at both ends of a leaf's validity for clocks that differ, not negative. Default 20 s. */
  @WithDefault("20S")
  Duration clockSkewAllowance();

  /** PEM bundle of the roots; read once at start. Not used with a standalone directory. */
  @WithDefault("/var/run/linkerd/identity/trust-roots/ca-bundle.crt")
  Path trustAnchorsFile();

  /**
   * State directory of a mesh on one machine: anchors, issuer and token keys are made there once
   * and then used in place of {@code trust-anchors-file}, {@code issuer.*} and {@code
   * jwks.location}. Empty, the default, in a cluster.
   */
  Optional<Path> standaloneDirectory();

  /** The issuer's files. */
  Issuer issuer();

  /**
   * Who judges tokens: {@code token-review} (the API server), {@code jwks} (public keys), or {@code
   * auto}, the default: {@code jwks} where there are keys by {@code jwks.location} or a standalone
   * directory.
   */
  @WithDefault("auto")
  AttestorKind attestor();

  /** The keys and rules of attestor {@code jwks}. */
  Jwks jwks();

  /** See {@link IdentityConfig#attestor}. */
  enum AttestorKind {
    AUTO,
    TOKEN_REVIEW,
    JWKS
  }

  /** Keys below {@code weft.identity.issuer}. */
  interface Issuer {
    /** Directory that holds certificate and key. */
    @WithDefault("/var/run/linkerd/identity/issuer")
    Path directory();

    /**
     * {@code linkerd.io/tls} (crt.pem, key.pem), {@code kubernetes.io/tls} (tls.crt, tls.key), or
     * {@code auto}, the default: whichever files are there.
     */
    @WithDefault("auto")
    String scheme();

    /** How often the files are looked at, 100 ms to 1 h. Default 2 s. */
    @WithDefault("2S")
    Duration pollInterval();
  }

  /** Keys below {@code weft.identity.jwks}. */
  interface Jwks {
    /** Path, or {@code file:}, {@code https:} or loopback {@code http:} URL of a JWKS. */
    Optional<String> location();

    /** The exact {@code iss} that tokens must carry. */
    @WithDefault("weft-standalone")
    String issuer();

    /** The {@code aud} that tokens must contain. */
    @WithDefault("identity.l5d.io")
    String audience();

    /** How old the key set may grow before it is read again, 5 s to 1 d. Default 60 s. */
    @WithDefault("60S")
    Duration refreshInterval();

    /** By how much our clock and the token signer's may differ, 0 to 5 min. Default 10 s. */
    @WithDefault("10S")
    Duration clockSkew();
  }
}

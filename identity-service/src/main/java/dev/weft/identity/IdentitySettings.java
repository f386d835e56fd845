package dev.weft.identity;

import dev.weft.identity.IdentityConfig.AttestorKind;
import dev.weft.identity.standalone.StandaloneDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The configuration with ranges checked and modes resolved.
 *
 * @param standalone the state directory, where there is one
 * @param trustAnchors PEM bundle of the roots
 * @param issuerDirectory where the issuer's files are
 * @param issuerScheme how they are named
 * @param keySet where public token keys are; empty means tokens go to the API server
 */
record IdentitySettings(
    Optional<StandaloneDirectory> standalone,
    Path trustAnchors,
    Path issuerDirectory,
    String issuerScheme,
    Duration issuerPollInterval,
    Optional<String> keySet) {

  /**
   * @throws IllegalArgumentException naming key, value, cause and fix
   */
  static IdentitySettings of(IdentityConfig config) {
    requireRange(
        "weft.identity.issuer.poll-interval",
        config.issuer().pollInterval(),
        Duration.ofMillis(100),
        Duration.ofHours(1));
    requireRange(
        "weft.identity.jwks.refresh-interval",
        config.jwks().refreshInterval(),
        Duration.ofSeconds(5),
        Duration.ofDays(1));
    requireRange(
        "weft.identity.jwks.clock-skew",
        config.jwks().clockSkew(),
        Duration.ZERO,
        Duration.ofMinutes(5));
    Optional<StandaloneDirectory> standalone =
        config.standaloneDirectory().map(StandaloneDirectory::new);
    return new IdentitySettings(
        standalone,
        standalone.map(StandaloneDirectory::trustAnchors).orElse(config.trustAnchorsFile()),
        standalone.map(StandaloneDirectory::issuer).orElse(config.issuer().directory()),
        standalone.isPresent() ? "linkerd.io/tls" : config.issuer().scheme(),
        config.issuer().pollInterval(),
        keySet(config, standalone));
  }

  private static Optional<String> keySet(
      IdentityConfig config, Optional<StandaloneDirectory> standalone) {
    Optional<String> location =
        config.jwks().location().or(() -> standalone.map(s -> s.keySet().toString()));
    return switch (config.attestor()) {
      case TOKEN_REVIEW -> Optional.empty();
      case AUTO -> location;
      case JWKS -> {
        if (location.isEmpty()) {
          throw new IllegalArgumentException(
              "weft.identity.attestor=%s refused; cause: no key set; fix: set weft.identity.jwks.location or weft.identity.standalone-directory"
                  .formatted(AttestorKind.JWKS));
        }
        yield location;
      }
    };
  }

  private static void requireRange(String key, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "%s=%s refused; cause: outside %s to %s; fix: set a value in that range"
              .formatted(key, value, min, max));
    }
  }
}

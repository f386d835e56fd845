package dev.weft.identity.attest;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks a JWT (RFC 7519) against public keys: ES256 or RS256, issuer, audience, validity. The
 * subject is the user name. Needs no API server.
 */
public final class JwksAttestor implements Attestor {
  private static final int MIN_RSA_BITS = 2_048;

  private final KeyCache keys;
  private final Rules rules;
  private final Clock clock;

  /**
   * What a token must say.
   *
   * @param issuer the exact {@code iss}
   * @param audience which {@code aud} must contain
   * @param clockSkew by how much our clock and the signer's may differ, not negative
   */
  public record Rules(String issuer, String audience, Duration clockSkew) {}

  /** Told of every read of the key set. */
  public interface RefreshListener {
    /** A set was read. */
    void keysRead(int keys);

    /** A set could not be read; {@code kept} keys of the last good one stay in use. */
    void keysNotRead(String location, String cause, int kept);
  }

  private JwksAttestor(KeyCache keys, Rules rules, Clock clock) {
    this.keys = keys;
    this.rules = rules;
    this.clock = clock;
  }

  /**
   * Reads keys from a place when they are first needed, and again after every interval.
   *
   * @param location a path, or a {@code file:}, {@code https:} or loopback {@code http:} URL
   * @throws IllegalArgumentException for other locations
   */
  public static JwksAttestor at(
      String location,
      Duration refreshInterval,
      Rules rules,
      Clock clock,
      RefreshListener listener) {
    return of(
        KeySources.of(location),
        refreshInterval,
        rules,
        clock,
        (count, error) -> {
          if (error == null) {
            listener.keysRead(count);
          } else {
            listener.keysNotRead(location, error, count);
          }
        });
  }

  static JwksAttestor of(
      KeySource source,
      Duration refreshInterval,
      Rules rules,
      Clock clock,
      KeyCache.RefreshListener listener) {
    return new JwksAttestor(new KeyCache(source, refreshInterval, clock, listener), rules, clock);
  }

  @Override
  public Attestation attest(byte[] token) {
    SignedJWT jwt;
    JWTClaimsSet claims;
    try {
      jwt = SignedJWT.parse(new String(token, StandardCharsets.UTF_8).strip());
      claims = jwt.getJWTClaimsSet();
    } catch (ParseException _) {
      return new Attestation.Malformed("the token is not a signed JWT");
    }
    JWSAlgorithm algorithm = jwt.getHeader().getAlgorithm();
    if (!algorithm.equals(JWSAlgorithm.ES256) && !algorithm.equals(JWSAlgorithm.RS256)) {
      return new Attestation.Rejected("the algorithm of the token is neither ES256 nor RS256");
    }
    List<JWK> candidates = keys.candidates(jwt.getHeader().getKeyID());
    if (candidates.isEmpty()) {
      return keys.unavailable()
          .<Attestation>map(reason -> new Attestation.Unavailable("no keys: " + reason))
          .orElseGet(() -> new Attestation.Rejected("the token is signed by an unknown key"));
    }
    if (candidates.stream().noneMatch(key -> verifies(jwt, key))) {
      return new Attestation.Rejected("the signature of the token is not good");
    }
    Optional<String> violation = violation(claims);
    if (violation.isPresent()) {
      return new Attestation.Rejected(violation.get());
    }
    String subject = claims.getSubject();
    return new Attestation.Authenticated(subject == null ? "" : subject);
  }

  /** Reads the key set if that is due. */
  @Override
  public Health health() {
    var _ = keys.candidates(null);
    boolean able = keys.unavailable().isEmpty();
    return new Health(able, able, keys.detail());
  }

  private static boolean verifies(SignedJWT jwt, JWK key) {
    try {
      JWSVerifier verifier = verifier(key, jwt.getHeader().getAlgorithm());
      return verifier != null && jwt.verify(verifier);
    } catch (JOSEException _) {
      return false;
    }
  }

  private static @Nullable JWSVerifier verifier(JWK key, JWSAlgorithm algorithm)
      throws JOSEException {
    if (key.getAlgorithm() != null && !key.getAlgorithm().equals(algorithm)) {
      return null;
    }
    if (algorithm.equals(JWSAlgorithm.ES256) && key instanceof ECKey ec) {
      return new ECDSAVerifier(ec);
    }
    if (algorithm.equals(JWSAlgorithm.RS256)
        && key instanceof RSAKey rsa
        && rsa.size() >= MIN_RSA_BITS) {
      return new RSASSAVerifier(rsa);
    }
    return null;
  }

  private Optional<String> violation(JWTClaimsSet claims) {
    Instant now = clock.instant();
    if (!rules.issuer().equals(claims.getIssuer())) {
      return Optional.of("the issuer of the token is not '%s'".formatted(rules.issuer()));
    }
    if (!claims.getAudience().contains(rules.audience())) {
      return Optional.of("the audience of the token is not '%s'".formatted(rules.audience()));
    }
    Date expiry = claims.getExpirationTime();
    if (expiry == null) {
      return Optional.of("the token has no expiry");
    }
    if (!now.isBefore(expiry.toInstant().plus(rules.clockSkew()))) {
      return Optional.of("the token expired at " + expiry.toInstant());
    }
    Date notBefore = claims.getNotBeforeTime();
    if (notBefore != null && now.plus(rules.clockSkew()).isBefore(notBefore.toInstant())) {
      return Optional.of("the token is not valid before " + notBefore.toInstant());
    }
    return Optional.empty();
  }
}

package dev.weft.identity.attest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.weft.kit.tls.StepClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JwksAttestorTest {
  private static final String USER = "system:serviceaccount:emojivoto:web";
  private static final Duration REFRESH = Duration.ofSeconds(60);
  private static final Duration SKEW = Duration.ofSeconds(10);

  private final StepClock clock = new StepClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final ECKey key = ec("k1");
  private final List<String> reads = new ArrayList<>();
  private @Nullable String published = jwks(key);
  private final JwksAttestor attestor =
      JwksAttestor.of(
          () -> {
            if (published == null) {
              throw new IOException("the place is gone");
            }
            return published;
          },
          REFRESH,
          new JwksAttestor.Rules("weft-standalone", "identity.l5d.io", SKEW),
          clock,
          (keys, error) -> reads.add(keys + (error == null ? "" : " kept")));

  @Test
  void token_good_isAuthenticated() throws Exception {
    assertThat(attest(signed(key, claims().build())))
        .isEqualTo(new Attestation.Authenticated(USER));
  }

  @Test
  void token_withTrailingNewline_isAuthenticated() throws Exception {
    assertThat(attest(signed(key, claims().build()) + "\n"))
        .isEqualTo(new Attestation.Authenticated(USER));
  }

  @Test
  void token_rs256_isAuthenticated() throws Exception {
    RSAKey rsa = new RSAKeyGenerator(2_048).keyID("rsa").generate();
    published = jwks(rsa);
    assertThat(attest(signed(JWSAlgorithm.RS256, "rsa", new RSASSASigner(rsa), claims().build())))
        .isEqualTo(new Attestation.Authenticated(USER));
  }

  @Test
  void token_withoutKeyId_isTriedWithEveryKey() throws Exception {
    published = jwks(ec("other"), key);
    assertThat(attest(signed(JWSAlgorithm.ES256, null, new ECDSASigner(key), claims().build())))
        .isEqualTo(new Attestation.Authenticated(USER));
  }

  @Test
  void token_forgedWithTheRightKeyId_isRejected() throws Exception {
    assertThat(attest(signed(ec("k1"), claims().build()))).isInstanceOf(Attestation.Rejected.class);
  }

  @Test
  void token_withChangedClaims_isRejected() throws Exception {
    String[] good = signed(key, claims().build()).split("\\.", -1);
    String[] other =
        signed(ec("x"), claims().subject("system:serviceaccount:kube-system:admin").build())
            .split("\\.", -1);
    assertThat(attest(good[0] + "." + other[1] + "." + good[2]))
        .isInstanceOf(Attestation.Rejected.class);
  }

  @Test
  void token_unsigned_isMalformed() {
    assertThat(attest(new PlainJWT(claims().build()).serialize()))
        .isInstanceOf(Attestation.Malformed.class);
  }

  /** The public key as a shared secret: the classic confusion of algorithms. */
  @Test
  void token_hmacWithThePublicKey_isRejected() throws Exception {
    byte[] secret = key.toPublicJWK().toJSONString().getBytes(US_ASCII);
    assertThat(attest(signed(JWSAlgorithm.HS256, "k1", new MACSigner(secret), claims().build())))
        .isInstanceOf(Attestation.Rejected.class);
  }

  @Test
  void token_garbage_isMalformed() {
    assertThat(attest("not.a.token")).isInstanceOf(Attestation.Malformed.class);
    assertThat(attest("")).isInstanceOf(Attestation.Malformed.class);
    assertThat(attest(".".repeat(10_000))).isInstanceOf(Attestation.Malformed.class);
  }

  @Test
  void token_expired_isRejectedOnceTheSkewIsOver() throws Exception {
    String token = signed(key, claims().build());
    clock.step(Duration.ofHours(1));
    assertThat(attest(token)).isInstanceOf(Attestation.Authenticated.class);
    clock.step(SKEW);
    assertRejected("the token expired at 2026-01-01T01:00:00Z", attest(token));
  }

  @Test
  void token_withoutExpiry_isRejected() throws Exception {
    assertRejected(
        "the token has no expiry", attest(signed(key, claims().expirationTime(null).build())));
  }

  @Test
  void token_notYetValid_isRejected() throws Exception {
    JWTClaimsSet later =
        claims().notBeforeTime(Date.from(clock.instant().plus(SKEW).plusSeconds(1))).build();
    assertRejected(
        "the token is not valid before 2026-01-01T00:00:11Z", attest(signed(key, later)));
  }

  @Test
  void token_forAnotherAudience_isRejected() throws Exception {
    assertRejected(
        "the audience of the token is not 'identity.l5d.io'",
        attest(signed(key, claims().audience(List.of("api", "vault")).build())));
  }

  @Test
  void token_ofAnotherIssuer_isRejected() throws Exception {
    assertRejected(
        "the issuer of the token is not 'weft-standalone'",
        attest(signed(key, claims().issuer("https://evil.example").build())));
  }

  @Test
  void keys_rotated_areFetchedWhenATokenNamesANewOne() throws Exception {
    attest(signed(key, claims().build()));
    ECKey next = ec("k2");
    published = jwks(next);
    clock.step(KeyCache.MIN_REFRESH);
    assertThat(attest(signed(next, claims().build())))
        .isInstanceOf(Attestation.Authenticated.class);
    assertThat(reads).hasSize(2);
  }

  @Test
  void keys_unknownAgainAndAgain_areNotFetchedAtWill() throws Exception {
    String stranger = signed(ec("who"), claims().build());
    for (int i = 0; i < 100; i++) {
      attest(stranger);
    }
    assertThat(reads).hasSize(1);
  }

  @Test
  void keys_gone_leaveTheLastGoodSetInUse() throws Exception {
    attest(signed(key, claims().build()));
    published = null;
    clock.step(REFRESH);
    assertThat(attest(signed(key, claims().build()))).isInstanceOf(Attestation.Authenticated.class);
    assertThat(reads).containsExactly("1", "1 kept");
    assertThat(attestor.health().able()).isTrue();
    assertThat(attestor.health().detail()).contains("the place is gone");
  }

  @Test
  void keys_emptySet_leavesTheLastGoodSetInUse() throws Exception {
    attest(signed(key, claims().build()));
    published = "{\"keys\":[]}";
    clock.step(REFRESH);
    assertThat(attest(signed(key, claims().build()))).isInstanceOf(Attestation.Authenticated.class);
  }

  @Test
  void keys_neverRead_makeTheAttestorUnavailable() throws Exception {
    published = null;
    assertThat(attest(signed(key, claims().build()))).isInstanceOf(Attestation.Unavailable.class);
    assertThat(attestor.health().able()).isFalse();
  }

  @Test
  void location_httpOfAnotherMachine_isRefused() {
    assertThatThrownBy(() -> KeySources.of("http://192.0.2.1/keys"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fix: use https");
  }

  private Attestation attest(String token) {
    return attestor.attest(token.getBytes(US_ASCII));
  }

  private static void assertRejected(String reason, Attestation attestation) {
    assertThat(attestation).isEqualTo(new Attestation.Rejected(reason));
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer("weft-standalone")
        .subject(USER)
        .audience("identity.l5d.io")
        .issueTime(Date.from(clock.instant()))
        .expirationTime(Date.from(clock.instant().plus(Duration.ofHours(1))));
  }

  private static String signed(ECKey key, JWTClaimsSet claims) throws JOSEException {
    return signed(JWSAlgorithm.ES256, key.getKeyID(), new ECDSASigner(key), claims);
  }

  private static String signed(
      JWSAlgorithm algorithm, @Nullable String keyId, JWSSigner signer, JWTClaimsSet claims)
      throws JOSEException {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).keyID(keyId).build(), claims);
    jwt.sign(signer);
    return jwt.serialize();
  }

  private static ECKey ec(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String jwks(JWK... keys) {
    return new JWKSet(List.of(keys)).toString();
  }
}

package dev.weft.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.weft.identity.standalone.StandaloneDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** Mints workload tokens with the key of a standalone directory, as the command line does. */
final class Tokens {
  private Tokens() {}

  static JWTClaimsSet.Builder claims(String namespace, String account) {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(StandaloneDirectory.TOKEN_ISSUER)
        .subject("system:serviceaccount:" + namespace + ":" + account)
        .audience("identity.l5d.io")
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(Duration.ofHours(1))));
  }

  static String mint(StandaloneDirectory state, JWTClaimsSet claims) {
    try {
      ECKey key = ECKey.parse(Files.readString(state.signingKey()));
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
      jwt.sign(new ECDSASigner(key));
      return jwt.serialize();
    } catch (IOException | ParseException | JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}

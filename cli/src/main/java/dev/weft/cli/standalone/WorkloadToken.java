package dev.weft.cli.standalone;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.weft.cli.CliException;
import dev.weft.mesh.IdentityNames;
import dev.weft.mesh.ServiceAccountRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/**
 * Mints the tokens by which the workloads of a standalone mesh prove who they are: JWTs in the form
 * of Kubernetes service-account tokens, signed with the key of the state directory. Whoever can
 * read that key can be anyone in this mesh, which is why only its owner can.
 */
final class WorkloadToken {
  /** Who issues the tokens of a standalone mesh. */
  static final String ISSUER = "weft-standalone";

  /** How long a token speaks; proxies read it again for every renewal, so it is renewed earlier. */
  static final Duration LIFETIME = Duration.ofHours(12);

  private final ECKey key;

  private WorkloadToken(ECKey key) {
    this.key = key;
  }

  /** Reads the signing key. */
  static WorkloadToken signedBy(Path keyFile) {
    try {
      return new WorkloadToken(ECKey.parse(Files.readString(keyFile)));
    } catch (IOException e) {
      throw new CliException(
          "the token-signing key " + keyFile + " cannot be read",
          String.valueOf(e),
          "start the mesh with `weft up`, as the same user");
    } catch (ParseException e) {
      throw new CliException(
          "the token-signing key " + keyFile + " is damaged",
          String.valueOf(e.getMessage()),
          "restore it, or remove the state directory and start the mesh anew");
    }
  }

  /** A token of a service account, as one line without a line end. */
  String mint(ServiceAccountRef account, Instant now) {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject("system:serviceaccount:" + account.namespace() + ":" + account.name())
                .audience(IdentityNames.TOKEN_AUDIENCE)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .build());
    try {
      token.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new CliException(
          "a token for " + account + " cannot be signed",
          String.valueOf(e.getMessage()),
          "restore the token-signing key of the state directory");
    }
    return token.serialize();
  }
}

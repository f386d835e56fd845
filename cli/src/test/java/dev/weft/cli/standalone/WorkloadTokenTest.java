package dev.weft.cli.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import dev.weft.cli.CliException;
import dev.weft.mesh.ServiceAccountRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkloadTokenTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path directory;

  @Test
  void mint_account_isInTheFormOfAServiceAccountToken() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    Path file = Files.writeString(directory.resolve("key"), key.toJSONString());

    SignedJWT token =
        SignedJWT.parse(
            WorkloadToken.signedBy(file).mint(new ServiceAccountRef("shop", "web"), NOW));

    assertThat(token.verify(new ECDSAVerifier(key.toPublicJWK()))).isTrue();
    assertThat(token.getHeader().getKeyID()).isEqualTo("k1");
    assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("system:serviceaccount:shop:web");
    assertThat(token.getJWTClaimsSet().getAudience()).containsExactly("identity.l5d.io");
    assertThat(token.getJWTClaimsSet().getExpirationTime().toInstant())
        .isEqualTo(NOW.plus(WorkloadToken.LIFETIME));
  }

  @Test
  void signedBy_damagedKey_saysWhatToDo() throws Exception {
    Path file = Files.writeString(directory.resolve("key"), "{}");

    assertThatThrownBy(() -> WorkloadToken.signedBy(file))
        .isInstanceOf(CliException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("fix:");
  }
}

package dev.weft.kit.webhook;

import dev.weft.kit.tls.Credentials;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows to clients whatever certificate is in place when they come; connections that are open stay.
 * Safe for use by many threads.
 */
final class ServingKeyManager extends X509ExtendedKeyManager {
  /** The alias names the pair, so that key and chain of one handshake belong together. */
  private final AtomicReference<@Nullable Pair> pair = new AtomicReference<>();

  private record Pair(String alias, Credentials credentials) {}

  private volatile @Nullable Pair previous;

  void install(Credentials credentials) {
    Pair old = pair.get();
    String alias = old == null ? "0" : String.valueOf(Long.parseLong(old.alias()) + 1);
    previous = old;
    pair.set(new Pair(alias, credentials));
  }

  Optional<Credentials> credentials() {
    return Optional.ofNullable(pair.get()).map(Pair::credentials);
  }

  private @Nullable Credentials of(String alias) {
    Pair now = pair.get();
    if (now != null && now.alias().equals(alias)) {
      return now.credentials();
    }
    Pair before = previous;
    return before != null && before.alias().equals(alias) ? before.credentials() : null;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal[] issuers, SSLEngine engine) {
    return chooseServerAlias(keyType, issuers, null);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    Pair now = pair.get();
    boolean fits =
        now != null && keyType.startsWith(now.credentials().key().getAlgorithm().substring(0, 2));
    return fits ? now.alias() : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Credentials credentials = of(alias);
    return credentials == null ? null : credentials.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Credentials credentials = of(alias);
    return credentials == null ? null : credentials.key();
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    Pair now = pair.get();
    return now == null ? new String[0] : new String[] {now.alias()};
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return new String[0];
  }

  @Override
  public @Nullable String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    return null;
  }
}

package dev.weft.proxy.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Judges the peer during the handshake: its chain by {@link ChainVerifier}, and on clients also
 * that the leaf carries the identity which discovery promised.
 *
 * <p>Each handler announces its handshake with {@link #begin} and ends it with {@link #end}; in
 * between the TLS library calls back with the engine, on the channel's loop. A first-seen chain
 * costs one path validation there.
 */
final class MeshTrustManager extends X509ExtendedTrustManager {
  private final ChainVerifier verifier;
  private final Map<SSLEngine, Handshake> handshakes = new ConcurrentHashMap<>();

  MeshTrustManager(ChainVerifier verifier) {
    this.verifier = verifier;
  }

  /** What one handshake expects of the peer, and what it found. Used on one loop only. */
  static final class Handshake {
    private final @Nullable PeerId expected;
    private ChainVerifier.@Nullable Verified verified;

    /** A handshake which expects this identity; null on servers, which take any. */
    Handshake(@Nullable PeerId expected) {
      this.expected = expected;
    }

    /** The verified identity of the peer, null if it showed no certificate or no name. */
    @Nullable PeerId peer() {
      return verified == null ? null : expected != null ? expected : verified.first();
    }
  }

  void begin(SSLEngine engine, Handshake handshake) {
    handshakes.put(engine, handshake);
  }

  void end(SSLEngine engine) {
    handshakes.remove(engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    of(engine).verified = verifier.verify(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    Handshake handshake = of(engine);
    ChainVerifier.Verified verified = verifier.verify(chain);
    if (handshake.expected == null || !verified.ids().contains(handshake.expected)) {
      throw new CertificateException(
          "server refused: expected identity "
              + handshake.expected
              + "; cause: its certificate names "
              + verified.ids());
    }
    handshake.verified = verified;
  }

  private Handshake of(SSLEngine engine) throws CertificateException {
    Handshake handshake = handshakes.get(engine);
    if (handshake == null) {
      throw new CertificateException("certificate shown outside of a handshake");
    }
    return handshake;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("needs the engine of the handshake");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("needs the engine of the handshake");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("needs the engine of the handshake");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("needs the engine of the handshake");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}

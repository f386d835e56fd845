package dev.weft.kit.tls;

import dev.weft.pki.TrustAnchors;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Judges a peer by the trust anchors, and a server also by the identity that is expected of it.
 * Host names are not looked at. Thread-safe.
 */
final class MeshTrustManager extends X509ExtendedTrustManager {
  private final TrustAnchors anchors;
  private final @Nullable String expected;
  private final Clock clock;

  private MeshTrustManager(TrustAnchors anchors, @Nullable String expected, Clock clock) {
    this.anchors = anchors;
    this.expected = expected;
    this.clock = clock;
  }

  /** For a server: takes every client of the mesh. */
  static MeshTrustManager ofServer(TrustAnchors anchors, Clock clock) {
    return new MeshTrustManager(anchors, null, clock);
  }

  /** For a client of one server. */
  static MeshTrustManager ofClient(TrustAnchors anchors, String expected, Clock clock) {
    return new MeshTrustManager(anchors, expected, clock);
  }

  private void checkClient(X509Certificate[] chain) throws CertificateException {
    anchors.verify(List.of(chain), clock.instant());
  }

  private void checkServer(X509Certificate[] chain) throws CertificateException {
    anchors.verify(List.of(chain), clock.instant());
    if (expected == null || !Credentials.names(chain[0], expected)) {
      throw new CertificateException(
          "server refused; cause: its certificate does not name '%s'".formatted(expected));
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    checkClient(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkClient(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkClient(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    checkServer(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkServer(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkServer(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}

package dev.weft.kit.tls;

import dev.weft.kit.tls.TestPki.Pair;
import dev.weft.pki.TrustAnchors;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Carries plaintext clients through the TLS of the JDK, which sends no ALPN: what a proxy looks
 * like to a service.
 */
public final class TlsTunnel implements AutoCloseable {
  private final ServerSocket listener;
  private final SSLContext context;
  private final int target;
  private final String protocol;
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  /** What went wrong on the TLS side. */
  public final List<IOException> failures = new CopyOnWriteArrayList<>();

  /** The leaf which the server showed, one for each connection. */
  public final List<X509Certificate> seen = new CopyOnWriteArrayList<>();

  /**
   * @param target port on loopback
   * @param expected identity of the server
   * @param own what the client shows, null for nothing
   */
  public TlsTunnel(
      int target, TrustAnchors anchors, String expected, @Nullable Pair own, String protocol)
      throws IOException, GeneralSecurityException {
    this.target = target;
    this.protocol = protocol;
    context = SSLContext.getInstance("TLS");
    context.init(
        own == null ? new KeyManager[0] : keyManagers(own),
        new TrustManager[] {MeshTrustManager.ofClient(anchors, expected, Clock.systemUTC())},
        null);
    listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  private static KeyManager[] keyManagers(Pair own) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own", own.keys().getPrivate(), new char[0], new X509Certificate[] {own.certificate()});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket plain = listener.accept();
        open.add(plain);
        Thread.startVirtualThread(() -> carry(plain));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void carry(Socket plain) {
    try (plain;
        SSLSocket tls =
            (SSLSocket)
                context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), target)) {
      open.add(tls);
      tls.setEnabledProtocols(new String[] {protocol});
      tls.startHandshake();
      seen.add((X509Certificate) tls.getSession().getPeerCertificates()[0]);
      Thread up = Thread.startVirtualThread(() -> pump(plain, tls));
      pump(tls, plain);
      plain.close();
      up.join();
    } catch (IOException e) {
      failures.add(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8_192];
      int read;
      while ((read = in.read(buffer)) >= 0) {
        out.write(buffer, 0, read);
        out.flush();
      }
      to.shutdownOutput();
    } catch (SSLException e) {
      failures.add(e);
    } catch (IOException _) {
      // One side is gone.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}

package dev.weft.kit.tls;

import dev.weft.pki.TrustAnchors;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The server side of mesh TLS. {@link #install} swaps the certificate for handshakes that begin
 * later; connections that exist live on. Thread-safe.
 */
public final class MeshServerTls {
  /** How long a client may take for its handshake. */
  public static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  private final MeshTrustManager trust;
  private final AtomicReference<@Nullable SslContext> context = new AtomicReference<>();

  public MeshServerTls(TrustAnchors anchors, Clock clock) {
    this.trust = MeshTrustManager.ofServer(anchors, clock);
  }

  /**
   * Shows these credentials from now on.
   *
   * @throws IllegalArgumentException if the TLS library refuses them; those of before stay
   */
  public void install(Credentials credentials) {
    try {
      context.set(MeshSslContexts.server(credentials, trust));
    } catch (SSLException e) {
      throw new IllegalArgumentException(
          "certificate refused by the TLS library; cause: " + e.getMessage(), e);
    }
  }

  /**
   * A handler for one accepted connection.
   *
   * @throws IllegalStateException before the first certificate
   */
  public SslHandler newHandler(ByteBufAllocator allocator) {
    SslContext current = context.get();
    if (current == null) {
      throw new IllegalStateException("no certificate yet; cause: the service is not certified");
    }
    SslHandler handler = MeshSslContexts.serverHandler(current, allocator);
    handler.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT.toMillis());
    return handler;
  }
}
